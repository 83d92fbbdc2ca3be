"""Right and wrong answers to lesson 05 (Crops through a filter), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/05-convolutions/convolutions.py, for what is asked."""


# %% right="output_size" style="counting places one by one"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    padded = size + padding + padding
    if padded < kernel:
        raise ValueError("no room")
    places = 0
    start = 0
    while start + kernel <= padded:
        places += 1
        start += stride
    return places


# %% right="output_size" style="len of a range"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    last = size + 2 * padding - kernel + 1
    if last < 1:
        raise ValueError
    return len(range(0, last, stride))


# %% right="output_size" style="int of a division"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError("the kernel is too long")
    return int((size + 2 * padding - kernel) / stride) + 1


# %% wrong="output_size" named="so add 1"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return (size + 2 * padding - kernel) // stride


# %% wrong="output_size" named="you added 1 before you divided by the stride"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return (size + 2 * padding - kernel + 1) // stride


# %% wrong="output_size" named="a factor is left out"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return (size + padding - kernel) // stride + 1


# %% wrong="output_size" named="a term is left out with `padding` in it"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return (size - kernel) // stride + 1


# %% wrong="output_size" named="a minus where a plus belongs"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return (size - 2 * padding - kernel) // stride + 1


# %% wrong="output_size" named="you left the stride out"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return size + 2 * padding - kernel + 1


# %% wrong="output_size" named="you rounded up"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return -(-(size + 2 * padding - kernel) // stride) + 1


# %% wrong="output_size" named="a term is left out with `kernel` in it"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return (size + 2 * padding) // stride + 1


# %% wrong="output_size" named="`/` where whole steps are counted"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return (size + 2 * padding - kernel) / stride + 1


# %% wrong="output_size" really="you took half of the kernel away"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return (size + 2 * padding - kernel // 2) // stride + 1


# %% wrong="output_size" named="`round` goes up"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError
    return round((size + 2 * padding - kernel) / stride) + 1


# %% wrong="output_size" named="count that before you refuse"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel > size:
        raise ValueError
    return (size + 2 * padding - kernel) // stride + 1


# %% wrong="output_size" really="a kernel as long as the side fits once"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel >= size + 2 * padding:
        return 0
    return (size + 2 * padding - kernel) // stride + 1


# %% right="convolve" style="lists of lists, stacked"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)

    return torch.stack([torch.stack([(padded[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum() for j in range(columns)]) for i in range(rows)])


# %% right="convolve" style="four loops, number by number"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    h, w = image.shape
    kh, kw = kernel.shape
    big = torch.zeros(h + 2 * padding, w + 2 * padding, dtype=image.dtype)
    big[padding:padding + h, padding:padding + w] = image
    out = torch.zeros((h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1, dtype=image.dtype)
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            for i in range(kh):
                for j in range(kw):
                    out[r, c] += big[r * stride + i, c * stride + j] * kernel[i, j]
    return out


# %% right="convolve" style="a loop over the kernel, shifted copies of the image"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)

    out = 0
    for i in range(kh):
        for j in range(kw):
            out = out + kernel[i, j] * padded[i:i + (rows - 1) * stride + 1:stride, j:j + (columns - 1) * stride + 1:stride]
    return out


# %% right="convolve" style="unfold and einsum"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    padded = torch.nn.functional.pad(image, (padding,) * 4)

    crops = padded.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("rchw,hw->rc", crops, kernel)


# %% wrong="convolve" named="you turned the kernel round"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel.flip(0, 1)).sum()
    return out


# %% wrong="convolve" really="you exchanged the kernel's rows and columns"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel.T).sum()
    return out


# %% wrong="convolve" named="it is their sum"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).mean()
    return out


# %% wrong="convolve" named="you divided by the sum of the kernel"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum() / kernel.sum()
    return out


# %% wrong="convolve" named="row and column have changed places"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[c * stride:c * stride + kh, r * stride:r * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="the signs are taken away"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum().abs()
    return out


# %% wrong="convolve" named="what is below zero is cut off"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum().clamp(min=0)
    return out


# %% wrong="convolve" named="you stopped one place early"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows - 1, columns - 1, dtype=image.dtype)
    for r in range(rows - 1):
        for c in range(columns - 1):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="`@` multiplies matrices"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop @ kernel).sum()
    return out


# %% wrong="convolve" named="left the kernel out"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = crop.sum()
    return out


# %% wrong="convolve" named="you added crop and kernel"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop + kernel).sum()
    return out


# %% wrong="convolve" named="only the last product is left"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            for i in range(kh):
                for j in range(kw):
                    out[r, c] = crop[i, j] * kernel[i, j]
    return out


# %% wrong="convolve" named="the greatest of the products"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).max()
    return out


# %% wrong="convolve" named="rows and columns of your result are exchanged"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out.T


# %% wrong="convolve" named="multiply pixel by pixel"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = crop.sum() * kernel.sum()
    return out


# %% wrong="convolve" named="as large as the image"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros_like(image)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="only the first row was done"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
        return out


# %% wrong="convolve" named="only the first place was done"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
            return out


# %% wrong="convolve" named="`stride` changes nothing"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, 1, padding)
    columns = output_size(image.shape[1], kw, 1, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r:r + kh, c:c + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="the crops are one pixel apart"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r:r + kh, c:c + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="counts down the rows only"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, 1, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c:c + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="counts across only"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, 1, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r:r + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="a stride apart in one direction"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c:c + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="`padding` changes nothing"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride)
    columns = output_size(image.shape[1], kw, stride)
    padded = image
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="you padded left and right only"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding))
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="above and below only"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride)
    padded = torch.nn.functional.pad(image, (0, 0, padding, padding))
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="copies of the edge"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image[None, None], (padding,) * 4, 'replicate')[0, 0]
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="padded with ones"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4, value=1.0)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="twice as much"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, 2 * padding)
    columns = output_size(image.shape[1], kw, stride, 2 * padding)
    padded = torch.nn.functional.pad(image, (2 * padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="calls of the other kind"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, 0, padding, 0))
    rows = (padded.shape[0] - kh) // stride + 1
    columns = (padded.shape[1] - kw) // stride + 1
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="calls of the other kind"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (0, padding, 0, padding))
    rows = (padded.shape[0] - kh) // stride + 1
    columns = (padded.shape[1] - kw) // stride + 1
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="the values are right"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    return out


# %% wrong="convolve" named="the call wrote into its argument `image`"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding,) * 4)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = padded[r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[r, c] = (crop * kernel).sum()
    image[0, 0] = 0
    return out


# %% right="edge_strength" style="torch.hypot"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return torch.hypot(a, b)


# %% right="edge_strength" style="slices instead of kernels"
@exercise
def edge_strength(image):
    def smooth(x):
        return x[:-2] + 2 * x[1:-1] + x[2:]
    right = smooth(image[:, 2:] - image[:, :-2])
    down = smooth((image[2:] - image[:-2]).T).T
    return torch.sqrt(right * right + down * down)


# %% right="edge_strength" style="kernels turned the other way: the square does not mind"
@exercise
def edge_strength(image):
    k = tensor([[1., 0., -1.], [2., 0., -2.], [1., 0., -1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return (a ** 2 + b ** 2) ** 0.5


# %% wrong="edge_strength" named="Pythagoras squares them first"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return a + b


# %% wrong="edge_strength" named="the root is missing"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return a ** 2 + b ** 2


# %% wrong="edge_strength" named="only the change to the right"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return a.abs()


# %% wrong="edge_strength" named="only the change downwards"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return b.abs()


# %% wrong="edge_strength" named="for the right twice"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return (a ** 2 + a ** 2).sqrt()


# %% wrong="edge_strength" named="for downwards twice"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return (b ** 2 + b ** 2).sqrt()


# %% wrong="edge_strength" named="the mean of the two"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return (a + b) / 2


# %% wrong="edge_strength" named="the mean of the squares"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return ((a ** 2 + b ** 2) / 2).sqrt()


# %% wrong="edge_strength" named="the root of each"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return a.abs().sqrt() + b.abs().sqrt()


# %% wrong="edge_strength" named="you divided by 8"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return (a ** 2 + b ** 2).sqrt() / 8


# %% wrong="edge_strength" named="the greater of the two"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return torch.maximum(a.abs(), b.abs())


# %% wrong="edge_strength" named="Pythagoras squares"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return a.abs() + b.abs()


# %% wrong="edge_strength" named="you added the two up"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return ((a + b) ** 2).sqrt()


# %% wrong="edge_strength" named="brightness that falls has no strength"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return (a.relu() ** 2 + b.relu() ** 2).sqrt()


# %% wrong="edge_strength" named="a frame of zeros is itself an edge"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k, 1, 1), convolve(image, k.T, 1, 1)
    return (a ** 2 + b ** 2).sqrt()


# %% wrong="edge_strength" named="ones where Sobel's have twos"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-1., 0., 1.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    return (a ** 2 + b ** 2).sqrt()


# %% wrong="edge_strength" named="you scaled the result"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    a, b = convolve(image, k), convolve(image, k.T)
    e = (a ** 2 + b ** 2).sqrt()
    return e / e.max()


# %% wrong="edge_strength" named="compare two pixels only"
@exercise
def edge_strength(image):
    a = image[1:-1, 2:] - image[1:-1, :-2]
    b = image[2:, 1:-1] - image[:-2, 1:-1]
    return (a ** 2 + b ** 2).sqrt()


# %% right="conv2d" style="einsum over the crops"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    x = torch.nn.functional.pad(images, (padding,) * 4)
    crops = x.unfold(2, kernels.shape[2], stride).unfold(3, kernels.shape[3], stride)
    maps = torch.einsum("nchwij,kcij->nkhw", crops, kernels)
    if bias is not None:
        maps = maps + bias.reshape(1, -1, 1, 1)
    return maps


# %% right="conv2d" style="torch's own unfold"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c, h, w = images.shape
    k, c, kh, kw = kernels.shape
    cols = torch.nn.functional.unfold(images, (kh, kw), padding=padding, stride=stride)
    out = kernels.reshape(k, -1).matmul(cols)
    if bias is not None:
        out = out + bias.reshape(-1, 1)
    return out.reshape(n, k, (h + 2 * padding - kh) // stride + 1, -1)


# %% right="conv2d" style="places first, and the product the other way round"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    x = torch.nn.functional.pad(images, [padding, padding, padding, padding])
    k, c, kh, kw = kernels.shape
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    n, _, rows, cols = crops.shape[:4]
    flat = crops.permute(0, 2, 3, 1, 4, 5).reshape(-1, c * kh * kw)
    out = flat @ kernels.reshape(k, -1).T
    if bias is not None:
        out = out + bias
    return out.reshape(n, rows, cols, k).permute(0, 3, 1, 2)


# %% right="conv2d" style="tensordot"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    x = torch.nn.functional.pad(images, (padding,) * 4)
    crops = x.unfold(2, kernels.shape[2], stride).unfold(3, kernels.shape[3], stride)
    out = torch.tensordot(crops, kernels, dims=([1, 4, 5], [1, 2, 3])).movedim(-1, 1)
    return out if bias is None else out + bias[None, :, None, None]


# %% wrong="conv2d" named="only the first channel"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    out = torch.einsum("nhwij,kij->nkhw", crops[:, 0], kernels[:, 0])
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="the mean over the channels"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    out = torch.einsum("nchwij,kcij->nkhw", crops, kernels) / c
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="you took the mean of the products"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    out = torch.einsum("nchwij,kcij->nkhw", crops, kernels) / (c * kh * kw)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="each channel has a map of its own"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    out = torch.einsum("nchwij,kcij->nkchw", crops, kernels)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="you turned the kernels round"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.flip(2, 3).reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="do not meet in the same order"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="you exchanged the first two axes of the kernels"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    _, k, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.transpose(0, 1).reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="the first two axes of your result are exchanged"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out.transpose(0, 1)


# %% wrong="conv2d" named="only the first image"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out[:1]


# %% wrong="conv2d" named="added up over the images"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    out = torch.einsum("nchwij,kcij->khw", crops, kernels)[None]
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="added up over the kernels"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    out = torch.einsum("nchwij,kcij->nhw", crops, kernels)[:, None]
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="the kernels are your last axis"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    out = torch.einsum("nchwij,kcij->nhwk", crops, kernels)
    if bias is not None:
        out = out + bias
    return out


# %% wrong="conv2d" named="still one long axis"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    if bias is not None:
        out = out + bias[:, None]
    return out


# %% wrong="conv2d" named="kernels and places are mixed up"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = cols.transpose(1, 2) @ kernels.reshape(k, -1).T
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="rows and columns of your result are exchanged"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, columns, rows)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="you left the bias out"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        pass
    return out


# %% wrong="conv2d" named="the bias went to the columns"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias
    return out


# %% wrong="conv2d" named="the bias went to the images"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None, None]
    return out


# %% wrong="conv2d" named="once for each channel"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + c * bias[:, None, None]
    return out


# %% wrong="conv2d" named="you took the bias away"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out - bias[:, None, None]
    return out


# %% wrong="conv2d" named="you multiplied by the bias"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out * bias[:, None, None]
    return out


# %% wrong="conv2d" named="the sum of all biases"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias.sum()
    return out


# %% wrong="conv2d" named="stride and padding change nothing"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (0, 0, 0, 0))
    crops = x.unfold(2, kh, 1).unfold(3, kw, 1)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="`stride` changes nothing"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, 1).unfold(3, kw, 1)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="`padding` changes nothing"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (0, 0, 0, 0))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="counts down the rows only"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, 1)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="counts across only"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = x.unfold(2, kh, 1).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="you padded left and right only"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c = images.shape[:2]
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding, padding))
    crops = x.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, columns = crops.shape[2:4]
    cols = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    out = kernels.reshape(k, -1) @ cols
    out = out.reshape(n, k, rows, columns)
    if bias is not None:
        out = out + bias[:, None, None]
    return out


# %% wrong="conv2d" named="no ready-made convolution"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    return torch.nn.functional.conv2d(images, kernels, bias, stride, padding)


# %% wrong="conv2d" named="lay the crops out"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c, h, w = images.shape
    k, _, kh, kw = kernels.shape
    x = torch.nn.functional.pad(images, (padding,) * 4)
    rows, columns = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    out = torch.zeros(n, k, rows, columns)
    for r in range(rows):
        for c in range(columns):
            crop = x[:, :, r * stride:r * stride + kh, c * stride:c * stride + kw]
            out[:, :, r, c] = crop.reshape(n, -1) @ kernels.reshape(k, -1).T
    return out if bias is None else out + bias[:, None, None]


# %% right="pool" style="flatten the windows"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)

    step = size if stride is None else stride
    crops = images.unfold(2, size, step).unfold(3, size, step).flatten(-2)
    return crops.max(dim=-1).values if kind == "max" else crops.sum(dim=-1) / size ** 2


# %% right="pool" style="torch's own"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind == "max":
        return torch.nn.functional.max_pool2d(images, size, stride)
    elif kind == "average":
        return torch.nn.functional.avg_pool2d(images, size, stride)
    raise ValueError("max or average, please")


# %% right="pool" style="two loops"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)

    stride = stride or size
    n, c, h, w = images.shape
    rows, columns = (h - size) // stride + 1, (w - size) // stride + 1
    out = torch.zeros(n, c, rows, columns, dtype=images.dtype)
    for i in range(rows):
        for j in range(columns):
            window = images[:, :, i * stride:i * stride + size, j * stride:j * stride + size]
            out[:, :, i, j] = window.amax((2, 3)) if kind == "max" else window.mean((2, 3))
    return out


# %% wrong="pool" named="unless asked otherwise"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.mean(dim=(-2, -1))
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" really="the greatest of the whole map"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return images.amax(dim=(2, 3), keepdim=True)
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" named="the windows overlap"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or 1
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" named="you pooled over the channels"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(1, -2, -1))[:, None]
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" named="you took the least"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amin(dim=(-2, -1))
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" really="pixels of different windows together"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)

    n, c, h, w = images.shape
    if stride in (None, size) and h % size == 0 and w % size == 0:
        windows = images.reshape(n, c, h // size, w // size, size * size)
        return windows.amax(-1) if kind == "max" else windows.mean(-1)
    return torch.nn.functional.max_pool2d(images, size, stride)


# %% wrong="pool" named="you pooled down the rows only"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride)
    if kind == "max":
        return crops.amax(dim=-1)
    return crops.mean(dim=-1)


# %% wrong="pool" really="you pooled across only"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=-1)
    return crops.mean(dim=-1)


# %% wrong="pool" named="its first: take the greatest"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops[..., 0, 0]
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" named="one of the two last axes only"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.max(dim=-1).values
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" named="one number for everything"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.max()
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" named="you pooled over the windows"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(2, 3))
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" named="`kind` changes nothing"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    return crops.amax(dim=(-2, -1))


# %% wrong="pool" named="you added up; divide"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    return crops.sum(dim=(-2, -1))


# %% wrong="pool" named="size x size pixels"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    return crops.sum(dim=(-2, -1)) / size


# %% wrong="pool" named="calls of the other kind"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    return images.mean(dim=(2, 3), keepdim=True)


# %% wrong="pool" named="`stride` changes nothing"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" named="one that would hang over the edge is left out"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    f = torch.nn.functional.max_pool2d if kind == 'max' else torch.nn.functional.avg_pool2d
    return f(images, size, stride, ceil_mode=True)


# %% wrong="pool" named="starts at 0"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)

    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride).flatten(-2)
    if kind == "average":
        return crops.mean(-1)
    best = torch.zeros_like(crops[..., 0])
    for i in range(size * size):
        best = torch.maximum(best, crops[..., i])
    return best


# %% wrong="pool" really="counts across only"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, size).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    return crops.mean(dim=(-2, -1))


# %% wrong="pool" really="counts down the rows only"
@exercise
def pool(images, size, stride=None, kind='max'):
    if kind not in ('max', 'average'):
        raise ValueError(kind)
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, size)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    return crops.mean(dim=(-2, -1))


# %% right="class_activation_map" style="einsum"
@exercise
def class_activation_map(features, weights, classes):
    return torch.einsum("nchw,nc->nhw", features, weights[classes])


# %% right="class_activation_map" style="one image after the other"
@exercise
def class_activation_map(features, weights, classes):
    return torch.stack([(f * weights[k].reshape(-1, 1, 1)).sum(0) for f, k in zip(features, classes)])


# %% right="class_activation_map" style="a map for every class, then the one asked about"
@exercise
def class_activation_map(features, weights, classes):
    every = torch.tensordot(features, weights, dims=([1], [1]))
    return torch.stack([one[..., k] for one, k in zip(every, classes.tolist())])


# %% right="class_activation_map" style="a batched matrix product"
@exercise
def class_activation_map(features, weights, classes):
    n, c, h, w = features.shape
    return (weights[classes][:, None, :] @ features.reshape(n, c, h * w)).reshape(n, h, w)


# %% wrong="class_activation_map" named="you took the mean over the places"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * chosen).sum(dim=1).mean(dim=(1, 2))


# %% wrong="class_activation_map" named="the plain mean of the channels"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return features.mean(dim=1)


# %% wrong="class_activation_map" named="the weights are missing"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return features.sum(dim=1)


# %% wrong="class_activation_map" named="you took the mean over the channels"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * chosen).mean(dim=1)


# %% wrong="class_activation_map" named="every image was asked about the class of the first one"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * weights[classes[0]][None, :, None, None]).sum(dim=1)


# %% wrong="class_activation_map" named="there is a map for each class in your result"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return torch.einsum("nchw,kc->nkhw", features, weights)


# %% wrong="class_activation_map" named="what speaks against the class is cut off"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * chosen).sum(dim=1).relu()


# %% wrong="class_activation_map" named="what is below zero in `weights` is taken for zero"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * chosen.clamp(min=0)).sum(dim=1)


# %% wrong="class_activation_map" named="what speaks against the class counts for it"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * chosen.abs()).sum(dim=1)


# %% wrong="class_activation_map" named="the channels are not added up yet"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return features * chosen


# %% wrong="class_activation_map" named="one sum of weights for all channels"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return features.sum(dim=1) * weights[classes].sum(dim=1)[:, None, None]


# %% wrong="class_activation_map" named="you took the class that the network thinks most likely"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    k = torch.einsum("nchw,kc->nk", features, weights).argmax(1)
    return (features * weights[k][:, :, None, None]).sum(dim=1)


# %% wrong="class_activation_map" really="the number of the image for its class"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * weights[:len(features)][:, :, None, None]).sum(dim=1)


# %% wrong="class_activation_map" named="run from 0 to 1"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    m = (features * chosen).sum(dim=1)
    m = m - m.amin((1, 2), keepdim=True)
    return m / m.amax((1, 2), keepdim=True)


# %% wrong="class_activation_map" named="you divided by the number of places"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * chosen).sum(dim=1) / (features.shape[2] * features.shape[3])


# %% wrong="class_activation_map" really="not the channels"
@exercise
def class_activation_map(features, weights, classes):
    return (features * weights[classes]).sum(dim=1)


# %% wrong="class_activation_map" named="that is the logit of every class"
@exercise
def class_activation_map(features, weights, classes):
    return features.mean(dim=(2, 3)) @ weights.T


# %% wrong="class_activation_map" named="you added up over the places"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * chosen).sum(dim=(2, 3))


# %% wrong="class_activation_map" named="you took the greatest over the channels"
@exercise
def class_activation_map(features, weights, classes):
    chosen = weights[classes][:, :, None, None]
    return (features * chosen).amax(dim=1)


# %% wrong="reading" named="each kernel is a block"
reading = {1: "a", 2: "a", 3: "b", 4: "b", 5: "c"}


# %% wrong="reading" named="a larger image needs no more"
reading = {1: "c", 2: "a", 3: "b", 4: "b", 5: "c"}


# %% wrong="reading" named="as those of sharpen do"
reading = {1: "b", 2: "b", 3: "b", 4: "b", 5: "c"}


# %% wrong="reading" named="a blur takes a mean"
reading = {1: "b", 2: "c", 3: "b", 4: "b", 5: "c"}


# %% wrong="reading" named="15 whole steps"
reading = {1: "b", 2: "a", 3: "a", 4: "b", 5: "c"}


# %% wrong="reading" named="half that is not taken"
reading = {1: "b", 2: "a", 3: "c", 4: "b", 5: "c"}


# %% wrong="reading" named="no longer where"
reading = {1: "b", 2: "a", 3: "b", 4: "a", 5: "c"}


# %% wrong="reading" named="one number is no map"
reading = {1: "b", 2: "a", 3: "b", 4: "c", 5: "c"}


# %% wrong="reading" named="the maps keep the place"
reading = {1: "b", 2: "a", 3: "b", 4: "b", 5: "a"}


# %% wrong="reading" named="three places further on"
reading = {1: "b", 2: "a", 3: "b", 4: "b", 5: "b"}


# %% right="reading" style="all five"
reading = {1: "b", 2: "a", 3: "b", 4: "b", 5: "c"}


# %% right="reading" style="capitals and spaces"
reading = {1: "B", 2: " a", 3: "b ", 4: "B", 5: "C"}

# %% wrong="output_size" named="you divided the whole padded side"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding) // stride

# %% wrong="output_size" named="refuse only what is longer"
@exercise
def output_size(size, kernel, stride=1, padding=0):
    if kernel >= size + 2 * padding:
        raise ValueError
    return (size + 2 * padding - kernel) // stride + 1

# %% wrong="convolve" named="writing the walk"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    return torch.nn.functional.conv2d(image[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0]

# %% wrong="convolve" named="calls of the other kind"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    p = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    kh, kw = kernel.shape
    out = torch.zeros((p.shape[0] - kh) // stride + 1, (p.shape[1] - kw) // stride + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (p[i * stride:i * stride + kh, j * stride:j * stride + kh] * kernel).sum()
    return out

# %% wrong="convolve" named="calls of the other kind"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    p = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    kw, kh = kernel.shape
    out = torch.zeros((p.shape[0] - kh) // stride + 1, (p.shape[1] - kw) // stride + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (p[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return out

# %% wrong="convolve" named="one long row"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    p = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    kh, kw = kernel.shape
    return tensor([float((p[i:i + kh, j:j + kw] * kernel).sum()) for i in range(0, p.shape[0] - kh + 1, stride) for j in range(0, p.shape[1] - kw + 1, stride)])

# %% wrong="convolve" really="do not lie on top of each other"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    p = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    kh, kw = kernel.shape
    out = torch.zeros((p.shape[0] - kh) // stride + 1, (p.shape[1] - kw) // stride + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = p[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel
    return out

# %% wrong="convolve" really="a tuple of four numbers"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    p = torch.nn.functional.pad(image, padding)
    kh, kw = kernel.shape
    out = torch.zeros((p.shape[0] - kh) // stride + 1, (p.shape[1] - kw) // stride + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (p[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return out

# %% wrong="convolve" really="padded by one pixel"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    p = torch.nn.functional.pad(image, (1, 1, 1, 1))
    kh, kw = kernel.shape
    out = torch.zeros((p.shape[0] - kh) // stride + 1, (p.shape[1] - kw) // stride + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (p[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return out

# %% wrong="convolve" named="calls of the other kind"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    p = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    kh, kw = kernel.shape
    out = torch.zeros((image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (p[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return out

# %% wrong="convolve" named="calls of the other kind"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    out = torch.zeros((image.shape[0] + 2 * padding - kh) // stride + 1, (image.shape[1] + 2 * padding - kw) // stride + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return out

# %% wrong="convolve" really="as many places across as down"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    p = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    kh, kw = kernel.shape
    n = output_size(image.shape[0], kh, stride, padding)
    out = torch.zeros(n, n, dtype=image.dtype)
    for i in range(n):
        for j in range(n):
            out[i, j] = (p[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return out

# %% wrong="convolve" named="calls of the other kind"
@exercise
def convolve(image, kernel, stride=1, padding=0):
    p = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    kh, kw = kernel.shape
    out = torch.zeros((p.shape[0] - kh) // stride + 1, (p.shape[1] - kw) // stride + 1, dtype=image.dtype)
    for i in range(0, p.shape[0] - kh + 1, stride):
        for j in range(0, p.shape[1] - kw + 1, stride):
            out[i, j] = (p[i:i + kh, j:j + kw] * kernel).sum()
    return out

# %% wrong="edge_strength" named="the root reaches the second square only"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    return convolve(image, k).square() + convolve(image, k.T).square().sqrt()

# %% wrong="edge_strength" named="that is the outline kernel"
@exercise
def edge_strength(image):
    k = tensor([[-1., -1., -1.], [-1., 8., -1.], [-1., -1., -1.]])
    return convolve(image, k).abs()

# %% wrong="edge_strength" named="one number for the whole image"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    return torch.stack([convolve(image, k), convolve(image, k.T)]).norm()

# %% wrong="edge_strength" named="you turned the image"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    return (convolve(image, k) ** 2 + convolve(image.T, k) ** 2).sqrt()

# %% wrong="edge_strength" really="wants a single number"
import math

@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    return math.sqrt(convolve(image, k) ** 2 + convolve(image, k.T) ** 2)

# %% wrong="edge_strength" really="not one at the result of the other"
@exercise
def edge_strength(image):
    k = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    return convolve(convolve(image, k), k.T)

# %% wrong="conv2d" named="channels last and the kernels first"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c, h, w = images.shape
    k, _, kh, kw = kernels.shape
    p = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = p.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, cols = crops.shape[2:4]
    columns = crops.permute(0, 4, 5, 1, 2, 3).reshape(n, c * kh * kw, -1)
    out = (kernels.reshape(k, -1) @ columns).reshape(n, k, rows, cols)
    return out if bias is None else out + bias[:, None, None]

# %% wrong="conv2d" named="it tears them up"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c, h, w = images.shape
    k, _, kh, kw = kernels.shape
    p = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = p.unfold(2, kh, stride).unfold(3, kw, stride)
    rows, cols = crops.shape[2:4]
    columns = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, -1)
    out = (kernels.reshape(-1, k).T @ columns).reshape(n, k, rows, cols)
    return out if bias is None else out + bias[:, None, None]

# %% wrong="conv2d" named="asks a tensor of many numbers"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    p = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = p.unfold(2, kernels.shape[2], stride).unfold(3, kernels.shape[3], stride)
    out = torch.einsum("ncrsab,kcab->nkrs", crops, kernels)
    if bias:
        out = out + bias[:, None, None]
    return out

# %% wrong="conv2d" really="bias may be None"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    p = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = p.unfold(2, kernels.shape[2], stride).unfold(3, kernels.shape[3], stride)
    return torch.einsum("ncrsab,kcab->nkrs", crops, kernels) + bias[:, None, None]

# %% wrong="conv2d" named="calls of the other kind"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    p = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    kh = kernels.shape[2]
    crops = p.unfold(2, kh, stride).unfold(3, kh, stride)
    out = torch.einsum("ncrsab,kcab->nkrs", crops, kernels)
    return out if bias is None else out + bias[:, None, None]

# %% wrong="conv2d" really="Rows and columns are two numbers"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c, h, w = images.shape
    k, _, kh, kw = kernels.shape
    p = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = p.unfold(2, kh, stride).unfold(3, kw, stride)
    columns = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, -1)
    side = output_size(h, kh, stride, padding)
    out = (kernels.reshape(k, -1) @ columns).reshape(n, k, side, side)
    return out if bias is None else out + bias[:, None, None]

# %% wrong="conv2d" named="calls of the other kind"
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    n, c, h, w = images.shape
    k, _, kh, kw = kernels.shape
    p = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = p.unfold(2, kh, stride).unfold(3, kw, stride)
    columns = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, -1)
    out = (kernels.reshape(k, -1) @ columns).reshape(n, k, output_size(h, kh, stride), output_size(w, kw, stride))
    return out if bias is None else out + bias[:, None, None]

# %% wrong="pool" really="stride may be None"
@exercise
def pool(images, size, stride=None, kind="max"):
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    return crops.amax(dim=(-2, -1))

# %% wrong="pool" really="gives two things"
@exercise
def pool(images, size, stride=None, kind="max"):
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.max(-1).max(-1)
    if kind == "average":
        return crops.mean(dim=(-2, -1))
    raise ValueError

# %% wrong="pool" really="pixels that fill no window"
@exercise
def pool(images, size, stride=None, kind="max"):
    stride = stride or size
    n, c, h, w = images.shape
    x = images.reshape(n, c, h // size, size, w // size, size)
    if kind == "max":
        return x.amax(dim=(3, 5))
    if kind == "average":
        return x.mean(dim=(3, 5))
    raise ValueError

# %% wrong="pool" named="they lie one pixel apart"
@exercise
def pool(images, size, stride=None, kind="max"):
    stride = stride or size
    n, c, h, w = images.shape
    rows, cols = (h - size) // stride + 1, (w - size) // stride + 1
    out = torch.zeros(n, c, rows, cols)
    for i in range(rows):
        for j in range(cols):
            win = images[:, :, i:i + size, j:j + size]
            if kind == "max":
                out[:, :, i, j] = win.amax((2, 3))
            elif kind == "average":
                out[:, :, i, j] = win.mean((2, 3))
            else:
                raise ValueError
    return out

# %% wrong="pool" named="of all channels together"
@exercise
def pool(images, size, stride=None, kind="max"):
    stride = stride or size
    n, c, h, w = images.shape
    rows, cols = (h - size) // stride + 1, (w - size) // stride + 1
    out = torch.zeros(n, c, rows, cols)
    for i in range(rows):
        for j in range(cols):
            win = images[:, :, i * stride:i * stride + size, j * stride:j * stride + size]
            if kind == "max":
                out[:, :, i, j] = win.max()
            elif kind == "average":
                out[:, :, i, j] = win.mean()
            else:
                raise ValueError
    return out

# %% wrong="pool" named="calls of the other kind"
@exercise
def pool(images, size, stride=None, kind="max"):
    stride = stride or size
    n, c, h, w = images.shape
    m = (h - size) // stride + 1
    out = torch.zeros(n, c, m, m)
    for i in range(m):
        for j in range(m):
            win = images[:, :, i * stride:i * stride + size, j * stride:j * stride + size]
            if kind == "max":
                out[:, :, i, j] = win.amax((2, 3))
            elif kind == "average":
                out[:, :, i, j] = win.mean((2, 3))
            else:
                raise ValueError
    return out

# %% wrong="pool" named="the mean along one of the two last axes"
@exercise
def pool(images, size, stride=None, kind="max"):
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    if kind == "average":
        return crops.mean(dim=-1)
    raise ValueError

# %% wrong="pool" named="you divided by 4"
@exercise
def pool(images, size, stride=None, kind="max"):
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return crops.amax(dim=(-2, -1))
    if kind == "average":
        return crops.sum(dim=(-2, -1)) / 4
    raise ValueError

# %% wrong="class_activation_map" named="only the first of them is given back"
@exercise
def class_activation_map(features, weights, classes):
    for f, k in zip(features, classes):
        return (f * weights[k][:, None, None]).sum(0)

# %% wrong="class_activation_map" named="you added up over the images"
@exercise
def class_activation_map(features, weights, classes):
    return (features * weights[classes][:, :, None, None]).sum(dim=0)

# %% wrong="class_activation_map" named="only the last channel is left"
@exercise
def class_activation_map(features, weights, classes):
    out = torch.zeros(features.shape[0], *features.shape[2:])
    for i in range(len(features)):
        for j in range(features.shape[1]):
            out[i] = weights[classes[i], j] * features[i, j]
    return out

# %% wrong="class_activation_map" really="the shapes do not fit: weights[classes]"
@exercise
def class_activation_map(features, weights, classes):
    return (features * weights[:, :, None, None]).sum(dim=1)
