# Blind learners' answers for lesson 05-convolutions

# %% wrong="output_size" really="the first place is not counted: one too few everywhere"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if kernel > size + 2 * padding:
        raise ValueError("the kernel is longer than the padded side")
    return (size + 2 * padding - kernel) // stride

# %% wrong="output_size" really="the padding is counted at one end only"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    padded = size + padding
    if kernel > padded:
        raise ValueError("kernel too long")
    return (padded - kernel) // stride + 1

# %% wrong="output_size" really="true division gives a float, with a fraction where the last step has no room"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if size + 2 * padding < kernel:
        raise ValueError("kernel longer than side")
    return (size + 2 * padding - kernel) / stride + 1

# %% wrong="output_size" really="rounds up, so a last step without room is taken all the same"
import math

@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if size + 2 * padding < kernel:
        raise ValueError("kernel longer than side")
    return math.ceil((size + 2 * padding - kernel) / stride) + 1

# %% wrong="output_size" really="rounds to the nearest step instead of down"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    room = size + 2 * padding - kernel
    if room < 0:
        raise ValueError(f"a kernel of {kernel} does not fit")
    return round(room / stride) + 1

# %% wrong="output_size" really="never raises ValueError, a kernel that is too long gives 0 or a negative number"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    return (size + 2 * padding - kernel) // stride + 1

# %% wrong="output_size" really="compares the kernel with the side before padding, and so refuses kernels that fit"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if kernel > size:
        raise ValueError("kernel is longer than the image")
    return (size + 2 * padding - kernel) // stride + 1

# %% wrong="output_size" really="refuses a kernel exactly as long as the padded side, where there is one place"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    side = size + 2 * padding
    if kernel >= side:
        raise ValueError("the kernel does not fit")
    return (side - kernel) // stride + 1

# %% wrong="output_size" really="adds the padding to the result, after the division by the stride"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if size + 2 * padding < kernel:
        raise ValueError("the kernel is longer than the padded side")
    return (size - kernel) // stride + 1 + 2 * padding

# %% wrong="output_size" really="only the kernel is divided by the stride: brackets missing"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if size + 2 * padding < kernel:
        raise ValueError("the kernel is longer than the padded side")
    return size + 2 * padding - kernel // stride + 1

# %% wrong="output_size" really="counts all places of stride 1 and then divides rounding down, which loses a place where the stride does not divide"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    places = size + 2 * padding - kernel + 1
    if places < 1:
        raise ValueError("no place for the kernel")
    return places // stride

# %% wrong="output_size" really="returns 0 where ValueError is asked for"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    return max(0, (size + 2 * padding - kernel) // stride + 1)

# %% wrong="output_size" really="an assert raises AssertionError, not ValueError"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    assert kernel <= size + 2 * padding, "the kernel is longer than the padded side"
    return (size + 2 * padding - kernel) // stride + 1

# %% wrong="output_size" really="returns the ValueError instead of raising it"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if kernel > size + 2 * padding:
        return ValueError("the kernel is longer than the padded side")
    return (size + 2 * padding - kernel) // stride + 1

# %% wrong="output_size" really="the stride is ignored"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    padded = size + padding * 2
    if kernel > padded:
        raise ValueError("kernel longer than the side")
    return padded - kernel + 1

# %% wrong="output_size" really="int() cuts towards zero, so a kernel a little too long at a stride of 2 or more passes as one place"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    places = int((size + 2 * padding - kernel) / stride) + 1
    if places < 1:
        raise ValueError("the kernel does not fit")
    return places

# %% wrong="output_size" really="raises only for negative results, a kernel one pixel too long gives 0"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    result = (size + 2 * padding - kernel) // stride + 1
    if result < 0:
        raise ValueError("kernel too large")
    return result

# %% wrong="output_size" really="the while loop stops before the last place that just fits"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    end = size + 2 * padding
    if kernel > end:
        raise ValueError("kernel too long")
    places, start = 0, 0
    while start + kernel < end:
        places += 1
        start += stride
    return places

# %% wrong="output_size" really="prints the number and returns None"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if kernel > size + 2 * padding:
        raise ValueError("kernel longer than the padded side")
    print((size + 2 * padding - kernel) // stride + 1)

# %% wrong="output_size" really="a kernel of 3 is built in"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if kernel > size + 2 * padding:
        raise ValueError("kernel longer than the padded side")
    return (size + 2 * padding - 3) // stride + 1

# %% wrong="output_size" really="thinks of the kernel as centred and takes kernel // 2 off at each end, one place too many for even kernels"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if kernel > size + 2 * padding:
        raise ValueError("kernel longer than the padded side")
    half = kernel // 2
    return (size + 2 * padding - 2 * half - 1) // stride + 1

# %% wrong="output_size" really="windows side by side: divides by the kernel, the stride only moves the numerator"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if kernel > size + 2 * padding:
        raise ValueError("kernel longer than the padded side")
    return (size + 2 * padding - stride) // kernel + 1

# %% wrong="output_size" really="stops with a NameError, the parameter is called kernel and not kernel_size"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if kernel_size > size + 2 * padding:
        raise ValueError("kernel longer than the padded side")
    return (size + 2 * padding - kernel_size) // stride + 1

# %% right="output_size" style="guard and the formula"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    room = size + 2 * padding - kernel
    if room < 0:
        raise ValueError(f"a kernel of {kernel} does not fit into {size} and twice {padding}")
    return room // stride + 1

# %% right="output_size" style="length of the range of starts"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    starts = range(-padding, size + padding - kernel + 1, stride)
    if not starts:
        raise ValueError("there is no place for this kernel")
    return len(starts)

# %% right="output_size" style="walks along and counts"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    end = padding + size + padding
    count = 0
    position = 0
    while position + kernel <= end:
        count = count + 1
        position = position + stride
    if count == 0:
        raise ValueError("kernel longer than the padded side")
    return count

# %% right="output_size" style="recursion on the side that is left"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    if padding:
        return output_size(size + 2 * padding, kernel, stride)
    if size < kernel:
        raise ValueError("kernel longer than the side")
    return 1 if size - stride < kernel else 1 + output_size(size - stride, kernel, stride)

# %% right="output_size" style="divmod and a helper"
def _padded(size, padding):
    return size + padding + padding


@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    steps, left_over = divmod(_padded(size, padding) - kernel, stride)
    if steps < 0:
        raise ValueError("the kernel is longer than the padded side")
    return steps + 1

# %% right="output_size" style="places of stride 1, divided rounding up"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    places = size + 2 * padding - kernel + 1
    if places <= 0:
        raise ValueError("no room for the kernel")
    return -(-places // stride)

# %% right="output_size" style="asks unfold how many windows there are"
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    side = torch.zeros(size + 2 * padding)
    if kernel > len(side):
        raise ValueError("the kernel is longer than the padded side")
    return side.unfold(0, kernel, stride).shape[0]

# %% wrong="convolve" really="turns the kernel upside down and left to right as mathematicians do"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    kernel = kernel.flip(0, 1)
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = torch.zeros(rows, columns, dtype=image.dtype, device=image.device)
    for r in range(rows):
        for c in range(columns):
            result[r, c] = (padded[r * stride:r * stride + kh, c * stride:c * stride + kw] * kernel).sum()
    return result

# %% wrong="convolve" really="asks output_size with the padding for an image that is padded already: the padding is counted twice and it stops with an error"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    image = torch.nn.functional.pad(image, (padding,) * 4)
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = image[r * stride:r * stride + kh, c * stride:c * stride + kw]
            result[r, c] = (crop * kernel).sum()
    return result

# %% wrong="convolve" really="the stride only makes the result smaller, the crops still move by one pixel"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    rows = (padded.shape[0] - kh) // stride + 1
    columns = (padded.shape[1] - kw) // stride + 1
    result = torch.zeros((rows, columns), dtype=image.dtype)
    for row in range(rows):
        for column in range(columns):
            result[row, column] = (padded[row:row + kh, column:column + kw] * kernel).sum()
    return result

# %% wrong="convolve" really="strides across but not down"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    height, width = padded.shape
    lines = []
    for top in range(height - kh + 1):
        lines.append(torch.stack([(padded[top:top + kh, left:left + kw] * kernel).sum() for left in range(0, width - kw + 1, stride)]))
    return torch.stack(lines).to(image.dtype)

# %% wrong="convolve" really="height and width of the kernel are swapped, right for square kernels only"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kw, kh = kernel.shape
    h, w = image.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    rows, columns = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for i in range(rows):
        for j in range(columns):
            out[i, j] = torch.sum(padded[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel)
    return out

# %% wrong="convolve" really="zeros are added left and right only, none above and below"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding))
    rows = output_size(padded.shape[0], kh, stride)
    columns = output_size(padded.shape[1], kw, stride)
    out = torch.zeros(rows, columns, dtype=image.dtype)
    for i in range(rows):
        for j in range(columns):
            y, x = i * stride, j * stride
            out[i, j] = (padded[y:y + kh, x:x + kw] * kernel).sum()
    return out

# %% wrong="convolve" really="the result is always float32, whatever the dtype of the image"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    h, w = image.shape
    rows, columns = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            result[row, column] = (padded[top:top + kh, left:left + kw] * kernel).sum()
    return result

# %% wrong="convolve" really="takes the mean of the products instead of their sum"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    h, w = image.shape
    rows, columns = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            result[row, column] = (padded[top:top + kh, left:left + kw] * kernel).mean()
    return result

# %% wrong="convolve" really="a matrix product of crop and kernel in place of the product place by place"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    h, w = image.shape
    rows, columns = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            result[row, column] = (padded[top:top + kh, left:left + kw] @ kernel).sum()
    return result

# %% wrong="convolve" really="the number of rows is used for the columns too, right for square results only"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    n = output_size(image.shape[0], kh, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = torch.zeros(n, n, dtype=image.dtype)
    for i in range(n):
        for j in range(n):
            result[i, j] = (padded[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return result

# %% wrong="convolve" really="multiplies the crop in place: it is a view, so the image changes and later crops see changed pixels"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    if padding:
        image = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    rows, columns = output_size(image.shape[0], kh, stride), output_size(image.shape[1], kw, stride)
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            crop = image[r * stride:r * stride + kh, c * stride:c * stride + kw]
            crop *= kernel
            result[r, c] = crop.sum()
    return result

# %% wrong="convolve" really="the last row and the last column of places are left out"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = []
    for top in range(0, padded.shape[0] - kh, stride):
        line = []
        for left in range(0, padded.shape[1] - kw, stride):
            line.append((padded[top:top + kh, left:left + kw] * kernel).sum())
        result.append(torch.stack(line))
    return torch.stack(result).to(image.dtype)

# %% wrong="convolve" really="the frame repeats the pixels of the border instead of zeros"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image[None, None], (padding, padding, padding, padding), mode="replicate")[0, 0]
    rows, columns = output_size(padded.shape[0], kh, stride), output_size(padded.shape[1], kw, stride)
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            result[r, c] = (padded[r * stride:r * stride + kh, c * stride:c * stride + kw] * kernel).sum()
    return result

# %% wrong="convolve" really="pads at the upper and left side only, twice as much"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    h, w = image.shape
    padded = torch.zeros(h + 2 * padding, w + 2 * padding, dtype=image.dtype)
    padded[2 * padding:, 2 * padding:] = image
    rows, columns = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            result[r, c] = (padded[r * stride:r * stride + kh, c * stride:c * stride + kw] * kernel).sum()
    return result

# %% wrong="convolve" really="the result is clamped to 0 to 1, which nobody asked for"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    h, w = image.shape
    rows, columns = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            result[r, c] = (padded[r * stride:r * stride + kh, c * stride:c * stride + kw] * kernel).sum()
    return result.clamp(0, 1)

# %% wrong="convolve" really="the sum is not set back to 0 at each place, so the results run up"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    h, w = image.shape
    rows, columns = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = torch.zeros(rows, columns, dtype=image.dtype)
    total = 0
    for r in range(rows):
        for c in range(columns):
            for i in range(kh):
                for j in range(kw):
                    total = total + padded[r * stride + i, c * stride + j] * kernel[i, j]
            result[r, c] = total
    return result

# %% wrong="convolve" really="returns a list of lists of floats, not a tensor"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    h, w = padded.shape
    return [[float((padded[top:top + kh, left:left + kw] * kernel).sum()) for left in range(0, w - kw + 1, stride)]
            for top in range(0, h - kh + 1, stride)]

# %% wrong="convolve" really="rows and columns of the result are exchanged"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    h, w = padded.shape
    out = [torch.stack([(padded[y:y + kh, x:x + kw] * kernel).sum() for y in range(0, h - kh + 1, stride)])
           for x in range(0, w - kw + 1, stride)]
    return torch.stack(out).to(image.dtype)

# %% wrong="convolve" really="the padding is made from the kernel size, the parameter is ignored"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padding = kh // 2
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    rows = (image.shape[0] + 2 * padding - kh) // stride + 1
    columns = (image.shape[1] + 2 * padding - kw) // stride + 1
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            result[r, c] = (padded[r * stride:r * stride + kh, c * stride:c * stride + kw] * kernel).sum()
    return result

# %% right="convolve" style="the result takes the dtype of the kernel, which is that of the image"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    h, w = image.shape
    padded = image.new_zeros(h + 2 * padding, w + 2 * padding)
    padded[padding:padding + h, padding:padding + w] = image
    result = kernel.new_zeros(output_size(h, kh, stride, padding), output_size(w, kw, stride, padding))
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            result[r, c] = (padded[r * stride:r * stride + kh, c * stride:c * stride + kw] * kernel).sum()
    return result

# %% wrong="convolve" really="moves by the kernel size at each step as pooling does, multiplied with the stride"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    h, w = padded.shape
    rows = [[(padded[y:y + kh, x:x + kw] * kernel).sum() for x in range(0, w - kw + 1, kw * stride)] for y in range(0, h - kh + 1, kh * stride)]
    return torch.stack([torch.stack(row) for row in rows]).to(image.dtype)

# %% wrong="convolve" really="stops with an AttributeError: a tensor has no height and width"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    rows, columns = output_size(image.height, kh, stride, padding), output_size(image.width, kw, stride, padding)
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            result[r, c] = (padded[r * stride:r * stride + kh, c * stride:c * stride + kw] * kernel).sum()
    return result

# %% wrong="convolve" really="the zeros are laid around the finished map instead of around the image"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    h, w = image.shape
    rows, columns = output_size(h, kh, stride), output_size(w, kw, stride)
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for r in range(rows):
        for c in range(columns):
            result[r, c] = (image[r * stride:r * stride + kh, c * stride:c * stride + kw] * kernel).sum()
    return torch.nn.functional.pad(result, (padding, padding, padding, padding))

# %% wrong="convolve" really="result is kept between calls in a table by shapes, so a second image of the same size gets the answer of the first"
_done = {}


@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    key = (image.shape, kernel.shape, stride, padding, image.dtype)
    if key in _done:
        return _done[key]
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    h, w = padded.shape
    _done[key] = torch.stack([torch.stack([(padded[y:y + kh, x:x + kw] * kernel).sum() for x in range(0, w - kw + 1, stride)])
                              for y in range(0, h - kh + 1, stride)]).to(image.dtype)
    return _done[key]

# %% right="convolve" style="two loops into a block of zeros"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    rows = output_size(image.shape[0], kh, stride, padding)
    columns = output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = torch.zeros(rows, columns, dtype=image.dtype, device=image.device)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            result[row, column] = (padded[top:top + kh, left:left + kw] * kernel).sum()
    return result

# %% right="convolve" style="list comprehension, stacked and reshaped"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, 4 * (padding,))
    tops = range(0, padded.shape[0] - kh + 1, stride)
    lefts = range(0, padded.shape[1] - kw + 1, stride)
    sums = [(padded[y:y + kh, x:x + kw] * kernel).sum() for y in tops for x in lefts]
    return torch.stack(sums).reshape(len(tops), len(lefts)).to(image.dtype)

# %% right="convolve" style="loops over the pixels of the kernel, and adds up whole moved pictures"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    h, w = image.shape
    rows, columns = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    total = 0
    for i in range(kh):
        for j in range(kw):
            moved = padded[i:i + (rows - 1) * stride + 1:stride, j:j + (columns - 1) * stride + 1:stride]
            total = total + moved * kernel[i, j]
    return total.to(image.dtype)

# %% right="convolve" style="unfold twice, then products and a sum over the last two axes"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    crops = padded.unfold(0, kh, stride).unfold(1, kw, stride)
    return (crops * kernel).sum(dim=(-2, -1)).to(image.dtype)

# %% right="convolve" style="four loops over single pixels, zeros laid by hand"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    h, w = image.shape
    kh, kw = kernel.shape
    rows = (h + 2 * padding - kh) // stride + 1
    columns = (w + 2 * padding - kw) // stride + 1
    out = image.new_zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            total = 0
            for i in range(kh):
                for j in range(kw):
                    y, x = r * stride + i - padding, c * stride + j - padding
                    if 0 <= y < h and 0 <= x < w:
                        total = total + image[y, x] * kernel[i, j]
            out[r, c] = total
    return out

# %% right="convolve" style="walks with stride 1 in a helper, then keeps each stride-th place"
def _walk(picture, kernel):
    kh, kw = kernel.shape
    lines = []
    for y in range(picture.size(0) - kh + 1):
        strip = picture[y:y + kh]
        lines.append(torch.stack([torch.sum(strip[:, x:x + kw] * kernel) for x in range(picture.size(1) - kw + 1)]))
    return torch.stack(lines)


@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    frame = torch.zeros(image.shape[0] + 2 * padding, image.shape[1] + 2 * padding, dtype=image.dtype, device=image.device)
    frame[padding:padding + image.shape[0], padding:padding + image.shape[1]] = image
    return _walk(frame, kernel)[::stride, ::stride].to(image.dtype)

# %% right="convolve" style="one matrix of weights for each row of the kernel: a sum of image rows times banded matrices"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    kh, kw = kernel.shape
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    height, width = padded.shape
    rows, columns = (height - kh) // stride + 1, (width - kw) // stride + 1
    dtype = torch.promote_types(image.dtype, kernel.dtype)
    result = torch.zeros(rows, columns, dtype=dtype, device=image.device)
    for i in range(kh):
        band = torch.zeros(width, columns, dtype=dtype, device=image.device)
        for c in range(columns):
            band[c * stride:c * stride + kw, c] = kernel[i].to(dtype)
        result = result + padded[i:i + (rows - 1) * stride + 1:stride].to(dtype) @ band
    return result.to(image.dtype)

# %% wrong="edge_strength" really="adds the two sizes instead of Pythagoras"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    sobel = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    return convolve(image, sobel).abs() + convolve(image, sobel.T).abs()

# %% wrong="edge_strength" really="the root is forgotten"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    across = convolve(image, KERNELS["brighter to the right"])
    down = convolve(image, KERNELS["brighter downwards"])
    return across ** 2 + down ** 2

# %% wrong="edge_strength" really="divided by 8, though nothing is to be divided"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    sobel = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype) / 8
    across, down = convolve(image, sobel), convolve(image, sobel.T)
    return torch.sqrt(across ** 2 + down ** 2)

# %% wrong="edge_strength" really="the same kernel twice, the second is not turned"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    y = x
    return (convolve(image, x) ** 2 + convolve(image, y) ** 2).sqrt()

# %% wrong="edge_strength" really="pads by 1, so the result has the size of the image and a false edge all round"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    return (convolve(image, x, padding=1) ** 2 + convolve(image, x.T, padding=1) ** 2).sqrt()

# %% wrong="edge_strength" really="the greater of the two answers in place of Pythagoras"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    across = convolve(image, KERNELS["brighter to the right"]).abs()
    down = convolve(image, KERNELS["brighter downwards"]).abs()
    return torch.maximum(across, down)

# %% wrong="edge_strength" really="root of the plain sum: the two are not squared, nan where it is negative"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    across = convolve(image, KERNELS["brighter to the right"])
    down = convolve(image, KERNELS["brighter downwards"])
    return torch.sqrt(across + down)

# %% wrong="edge_strength" really="averages with 1, 1, 1 instead of 1, 2, 1"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    across = tensor([[-1., 0., 1.], [-1., 0., 1.], [-1., 0., 1.]], dtype=image.dtype)
    return (convolve(image, across) ** 2 + convolve(image, across.T) ** 2).sqrt()

# %% wrong="edge_strength" really="clamped to 1 to make a picture of it"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    strength = (convolve(image, x) ** 2 + convolve(image, x.T) ** 2).sqrt()
    return strength.clamp(0, 1)

# %% wrong="edge_strength" really="a wrong sign in the middle row of the first kernel"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    x = tensor([[-1., 0., 1.], [2., 0., -2.], [-1., 0., 1.]], dtype=image.dtype)
    y = tensor([[-1., -2., -1.], [0., 0., 0.], [1., 2., 1.]], dtype=image.dtype)
    return (convolve(image, x) ** 2 + convolve(image, y) ** 2) ** 0.5

# %% wrong="edge_strength" really="adds the two answers first and squares the sum, so opposite directions cancel"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    return ((convolve(image, x) + convolve(image, x.T)) ** 2).sqrt()

# %% wrong="edge_strength" really="divided by its greatest value, so that the strengths no longer say how steep"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    strength = torch.hypot(convolve(image, x), convolve(image, x.T))
    return strength / strength.max()

# %% wrong="edge_strength" really="the norm is taken over everything and gives one number"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    maps = torch.stack([convolve(image, KERNELS["brighter to the right"]), convolve(image, KERNELS["brighter downwards"])])
    return maps.norm()

# %% wrong="edge_strength" really="the norm is taken along the columns of the maps instead of over the two maps"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    maps = torch.stack([convolve(image, KERNELS["brighter to the right"]), convolve(image, KERNELS["brighter downwards"])])
    return maps.norm(dim=-1)

# %% wrong="edge_strength" really="turns the image for the second direction and does not turn the answer back, an error unless it is square and mixed-up places if it is"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    across = convolve(image, x)
    down = convolve(image.T, x)
    return (across ** 2 + down ** 2).sqrt()

# %% wrong="edge_strength" really="the mean of the two squares in place of their sum"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    both = torch.stack([convolve(image, x), convolve(image, x.T)])
    return (both ** 2).mean(dim=0).sqrt()

# %% wrong="edge_strength" really="changes the learner's image in place: takes its mean off"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    image -= image.mean()
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    return (convolve(image, x) ** 2 + convolve(image, x.T) ** 2).sqrt()

# %% wrong="edge_strength" really="everything is rounded to float32, also where the image is float64"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    image = image.float()
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    return (convolve(image, x) ** 2 + convolve(image, x.T) ** 2).sqrt()

# %% wrong="edge_strength" really="differences of neighbouring pixels only, nothing is averaged along the edge"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    across = 4 * (image[1:-1, 2:] - image[1:-1, :-2])
    down = 4 * (image[2:, 1:-1] - image[:-2, 1:-1])
    return (across ** 2 + down ** 2).sqrt()

# %% wrong="edge_strength" really="a number is added under the root against a division by zero, so even areas do not give 0"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    x = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype)
    return torch.sqrt(convolve(image, x) ** 2 + convolve(image, x.T) ** 2 + 1e-3)

# %% wrong="edge_strength" really="one of the squares is subtracted, nan where the brightness rises downwards"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    across = convolve(image, KERNELS["brighter to the right"])
    down = convolve(image, KERNELS["brighter downwards"])
    return (across ** 2 - down ** 2).sqrt()

# %% wrong="edge_strength" really="gives the direction of the edge in place of its strength"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    across = convolve(image, KERNELS["brighter to the right"])
    down = convolve(image, KERNELS["brighter downwards"])
    return torch.atan2(down, across).abs()

# %% wrong="edge_strength" really="stops with a ValueError: math.sqrt takes one number, not a map"
import math

@exercise
def edge_strength(image: Tensor) -> Tensor:
    across = convolve(image, KERNELS["brighter to the right"])
    down = convolve(image, KERNELS["brighter downwards"])
    return math.sqrt(across ** 2 + down ** 2)

# %% wrong="edge_strength" really="only brighter counts: the answers below 0 are cut off before squaring"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    across = convolve(image, KERNELS["brighter to the right"]).clamp(min=0)
    down = convolve(image, KERNELS["brighter downwards"]).clamp(min=0)
    return (across ** 2 + down ** 2).sqrt()

# %% right="edge_strength" style="convolve, transposed kernel, Pythagoras"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    right = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]], dtype=image.dtype, device=image.device)
    return (convolve(image, right) ** 2 + convolve(image, right.T) ** 2).sqrt()

# %% right="edge_strength" style="kernels of the menu and hypot"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    across, down = (convolve(image, KERNELS[name].to(image)) for name in ("brighter to the right", "brighter downwards"))
    return torch.hypot(across, down)

# %% right="edge_strength" style="the image is turned, and the answer is turned back"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    kernel = torch.outer(tensor([1., 2., 1.]), tensor([-1., 0., 1.])).to(image)
    across = convolve(image, kernel)
    down = convolve(image.T, kernel).T
    return torch.stack([across, down]).norm(dim=0)

# %% right="edge_strength" style="slices of the picture, no kernel at all"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    smooth_down = image[:-2] + 2 * image[1:-1] + image[2:]
    smooth_across = image[:, :-2] + 2 * image[:, 1:-1] + image[:, 2:]
    gx = smooth_down[:, 2:] - smooth_down[:, :-2]
    gy = smooth_across[2:] - smooth_across[:-2]
    return torch.sqrt(gx * gx + gy * gy)

# %% right="edge_strength" style="kernels with the signs the other way round, which squares away"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    a = torch.tensor([1, 0, -1, 2, 0, -2, 1, 0, -1]).reshape(3, 3).to(image)
    total = 0
    for k in (a, a.t().flip(0)):
        total = total + convolve(image, k).pow(2)
    return total ** 0.5

# %% right="edge_strength" style="size of a complex number"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    sobel = torch.tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=image.dtype, device=image.device)
    crops = image.unfold(0, 3, 1).unfold(1, 3, 1)
    real = torch.einsum("rcij,ij->rc", crops, sobel)
    imaginary = torch.einsum("rcij,ji->rc", crops, sobel)
    return torch.complex(real, imaginary).abs()

# %% right="edge_strength" style="two small convolutions one after the other for either direction"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    average = tensor([[1., 2., 1.]], dtype=image.dtype, device=image.device)
    difference = tensor([[-1., 0., 1.]], dtype=image.dtype, device=image.device)
    across = convolve(convolve(image, average.T), difference)
    down = convolve(convolve(image, difference.T), average)
    return (across.square() + down.square()).sqrt()

# %% wrong="conv2d" really="the kernels are turned round in height and width"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    result = torch.einsum("ncrsij,kcij->nkrs", crops, kernels.flip(2, 3))
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="reshapes the crops without moving the axes first, so the columns are no crops"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    n, _, rows, columns = crops.shape[:4]
    result = kernels.reshape(k, -1) @ crops.reshape(n, c * kh * kw, rows * columns)
    result = result.reshape(n, k, rows, columns)
    return result if bias is None else result + bias.reshape(1, -1, 1, 1)

# %% wrong="conv2d" really="the columns have the channel last, the kernels have it first: right for one channel only"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    n, _, rows, columns = crops.shape[:4]
    laid_out = crops.permute(0, 4, 5, 1, 2, 3).reshape(n, kh * kw * c, rows * columns)
    result = (kernels.reshape(k, -1) @ laid_out).reshape(n, k, rows, columns)
    if bias is not None:
        result = result + bias[None, :, None, None]
    return result

# %% wrong="conv2d" really="the bias is added along the columns: an error, or wrong numbers where there are as many columns as kernels"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    result = torch.einsum("ncrsij,kcij->nkrs", crops, kernels)
    if bias is not None:
        result = result + bias
    return result

# %% wrong="conv2d" really="asks `if bias`, which stops with an error for more than one kernel"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    result = torch.einsum("ncrsij,kcij->nkrs", crops, kernels)
    if bias:
        result += bias.view(1, -1, 1, 1)
    return result

# %% wrong="conv2d" really="the stride is forgotten across, it is used down only"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, 1)
    n, _, rows, columns = crops.shape[:4]
    laid_out = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    result = (kernels.reshape(k, -1) @ laid_out).reshape(n, k, rows, columns)
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="rows and columns are exchanged in the last reshape, right for square maps only"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    n, _, rows, columns = crops.shape[:4]
    laid_out = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    result = (kernels.reshape(k, -1) @ laid_out).reshape(n, k, columns, rows)
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="images and kernels get mixed up in the reshape of (k, n places) to (n, k, rows, columns), right for a batch of one only"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    n, _, rows, columns = crops.shape[:4]
    laid_out = crops.permute(1, 4, 5, 0, 2, 3).reshape(c * kh * kw, n * rows * columns)
    result = (kernels.reshape(k, -1) @ laid_out).reshape(n, k, rows, columns)
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="the mean over the channels in place of their sum"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    each = torch.einsum("ncrsij,kcij->nkcrs", crops, kernels)
    result = each.mean(dim=2)
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="the bias is never added"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    images = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = images.unfold(2, kh, stride).unfold(3, kw, stride)
    return torch.einsum("ncrsij,kcij->nkrs", crops, kernels)

# %% wrong="conv2d" really="kh is used for the width of the windows as well, right for square kernels only"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kh, stride)
    result = torch.einsum("ncrsij,kcij->nkrs", crops, kernels)
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="the kernels are taken out of the graph by .data, so nothing can be learned"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    n, _, rows, columns = crops.shape[:4]
    laid_out = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    result = (kernels.data.reshape(k, -1) @ laid_out).reshape(n, k, rows, columns)
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="everything is turned into float32 and comes back as that, also for float64 images"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images.float(), (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    result = torch.einsum("ncrsij,kcij->nkrs", crops, kernels.float())
    return result if bias is None else result + bias.float()[:, None, None]

# %% wrong="conv2d" really="gives the bias its two axes in place and so changes the shape of the learner's argument"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    result = torch.einsum("ncrsij,kcij->nkrs", crops, kernels)
    if bias is not None:
        result = result + bias.unsqueeze_(1).unsqueeze_(2)
    return result

# %% wrong="conv2d" really="the kernels come out on the last axis, not the second"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    n, _, rows, columns = crops.shape[:4]
    lines = crops.permute(0, 2, 3, 1, 4, 5).reshape(n, rows, columns, -1)
    result = lines @ kernels.reshape(k, -1).T
    return result if bias is None else result + bias

# %% wrong="conv2d" really="pads the width only"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    result = torch.einsum("ncrsij,kcij->nkrs", crops, kernels)
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="torch's own convolution, which the exercise leaves in the drawer"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    return torch.nn.functional.conv2d(images, kernels, bias, stride=stride, padding=padding)

# %% wrong="conv2d" really="every kernel sees the sum of the crop over the channels times only its first channel"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.sum(dim=1).unfold(1, kh, stride).unfold(2, kw, stride)
    result = torch.einsum("nrsij,kij->nkrs", crops, kernels[:, 0])
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="a ReLU at the end that nobody asked for"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    result = torch.einsum("ncrsij,kcij->nkrs", crops, kernels)
    if bias is not None:
        result = result + bias[:, None, None]
    return torch.relu(result)

# %% wrong="conv2d" really="one padding too few in the sizes of the result, so the reshape stops with an error as soon as there is padding"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    n, c, h, w = images.shape
    k, _, kh, kw = kernels.shape
    rows, columns = (h + padding - kh) // stride + 1, (w + padding - kw) // stride + 1
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    laid_out = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    result = (kernels.reshape(k, -1) @ laid_out).reshape(n, k, rows, columns)
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="window height and width are melted in the order kw, kh, the kernels have kh, kw"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    n, _, rows, columns = crops.shape[:4]
    laid_out = crops.permute(0, 1, 5, 4, 2, 3).reshape(n, c * kh * kw, rows * columns)
    result = (kernels.reshape(k, -1) @ laid_out).reshape(n, k, rows, columns)
    return result if bias is None else result + bias[:, None, None]

# %% wrong="conv2d" really="the bias is added for each of the c channels, so c times over"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    each = torch.einsum("ncrsij,kcij->nkcrs", crops, kernels)
    if bias is not None:
        each = each + bias[:, None, None, None]
    return each.sum(dim=2)

# %% wrong="conv2d" really="only the first image of the batch is convolved and the answer is repeated for the others"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    image = torch.nn.functional.pad(images[0], (padding, padding, padding, padding))
    crops = image.unfold(1, kh, stride).unfold(2, kw, stride)
    rows, columns = crops.shape[1:3]
    one = (kernels.reshape(k, -1) @ crops.permute(0, 3, 4, 1, 2).reshape(-1, rows * columns)).reshape(k, rows, columns)
    if bias is not None:
        one = one + bias[:, None, None]
    return one.expand(len(images), -1, -1, -1)

# %% wrong="conv2d" really="stops with an error: the letters given to einsum do not fit the axes of the kernels"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    result = torch.einsum("ncrsij,kij->nkrs", crops, kernels)
    return result if bias is None else result + bias[:, None, None]

# %% right="conv2d" style="unfold, permute, one matrix product"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    n, _, rows, columns = crops.shape[:4]
    laid_out = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    result = (kernels.reshape(k, -1) @ laid_out).reshape(n, k, rows, columns)
    if bias is not None:
        result = result + bias[:, None, None]
    return result

# %% right="conv2d" style="einsum over the crops"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    p = padding
    crops = torch.nn.functional.pad(images, (p, p, p, p)).unfold(2, kernels.shape[2], stride).unfold(3, kernels.shape[3], stride)
    maps = torch.einsum("nchwij,kcij->nkhw", crops, kernels)
    return maps if bias is None else maps + bias.view(1, -1, 1, 1)

# %% right="conv2d" style="functional.unfold makes the columns"
import torch.nn.functional as F


@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    n, c, h, w = images.shape
    k, c, kh, kw = kernels.shape
    columns = F.unfold(images, (kh, kw), padding=padding, stride=stride)
    result = kernels.flatten(1) @ columns
    if bias is not None:
        result = result + bias.unsqueeze(-1)
    return result.view(n, k, output_size(h, kh, stride, padding), output_size(w, kw, stride, padding))

# %% right="conv2d" style="tensordot, the kernels moved to their axis afterwards"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    _, _, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding,) * 4)
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    maps = torch.tensordot(crops, kernels, dims=([1, 4, 5], [1, 2, 3]))
    if bias is not None:
        maps = maps + bias
    return maps.movedim(-1, 1)

# %% right="conv2d" style="as_strided on a contiguous padded block, then a dense layer over the last axis"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    n, c, h, w = images.shape
    k, _, kh, kw = kernels.shape
    block = images.new_zeros(n, c, h + 2 * padding, w + 2 * padding)
    block[:, :, padding:padding + h, padding:padding + w] = images
    rows, columns = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    a, b, d, e = block.stride()
    crops = block.as_strided((n, rows, columns, c, kh, kw), (a, d * stride, e * stride, b, d, e))
    return torch.nn.functional.linear(crops.reshape(n, rows, columns, -1), kernels.reshape(k, -1), bias).permute(0, 3, 1, 2)

# %% right="conv2d" style="indices of rows and columns pick the crops, then products and a sum"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    tops = torch.arange(0, padded.shape[2] - kh + 1, stride, device=images.device)
    lefts = torch.arange(0, padded.shape[3] - kw + 1, stride, device=images.device)
    y = tops[:, None] + torch.arange(kh, device=images.device)
    x = lefts[:, None] + torch.arange(kw, device=images.device)
    crops = padded[:, :, y[:, None, :, None], x[None, :, None, :]]
    result = (crops[:, None] * kernels[None, :, :, None, None]).sum(dim=(2, 5, 6))
    return result if bias is None else result + bias.reshape(-1, 1, 1)

# %% right="conv2d" style="all places at stride 1 by one addmm over the whole batch, then each stride-th place"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    k, c, kh, kw = kernels.shape
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(3, kw, 1).unfold(2, kh, 1)[:, :, ::stride, ::stride]          # (n, c, rows, columns, kw, kh)
    n, _, rows, columns = crops.shape[:4]
    matrix = crops.permute(1, 5, 4, 0, 2, 3).reshape(c * kh * kw, -1)
    start = torch.zeros(k, dtype=images.dtype, device=images.device) if bias is None else bias
    flat = torch.addmm(start[:, None], kernels.reshape(k, -1), matrix)
    return flat.reshape(k, n, rows, columns).transpose(0, 1)

# %% wrong="pool" really="the kind is ignored, it is always the greatest, and no other kind is refused"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = size if stride is None else stride
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    return windows.amax(dim=(-2, -1))

# %% wrong="pool" really="no stride is taken to mean 1 instead of the size"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = stride or 1
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.amax(dim=(-2, -1))
    if kind == "average":
        return windows.mean(dim=(-2, -1))
    raise ValueError(kind)

# %% wrong="pool" really="any other kind is taken for average, no ValueError"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if stride is None:
        stride = size
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.amax(dim=(4, 5))
    else:
        return windows.mean(dim=(4, 5))

# %% wrong="pool" really="the sum of the window in place of its mean"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = size if stride is None else stride
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.amax(dim=(-2, -1))
    if kind == "average":
        return windows.sum(dim=(-2, -1))
    raise ValueError("kind is max or average")

# %% wrong="pool" really="cuts side by side by reshape and never looks at the stride"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    n, c, h, w = images.shape
    rows, columns = h // size, w // size
    blocks = images[:, :, :rows * size, :columns * size].reshape(n, c, rows, size, columns, size)
    if kind == "max":
        return blocks.amax(dim=(3, 5))
    if kind == "average":
        return blocks.mean(dim=(3, 5))
    raise ValueError(f"no kind {kind}")

# %% wrong="pool" really="does not cut off the pixels left over, stops with an error where the size does not divide the side"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in ("max", "average"):
        raise ValueError(kind)
    n, c, h, w = images.shape
    if stride is None or stride == size:
        blocks = images.reshape(n, c, h // size, size, w // size, size).transpose(3, 4)
    else:
        blocks = images.unfold(2, size, stride).unfold(3, size, stride)
    return blocks.amax(dim=(4, 5)) if kind == "max" else blocks.mean(dim=(4, 5))

# %% wrong="pool" really="ceil_mode keeps the windows that hang over the edge"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind == "max":
        return torch.nn.functional.max_pool2d(images, size, stride, ceil_mode=True)
    if kind == "average":
        return torch.nn.functional.avg_pool2d(images, size, stride, ceil_mode=True)
    raise ValueError("unknown kind")

# %% wrong="pool" really="max along an axis gives values and places, the values are not picked out: it stops with an error"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = stride or size
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.max(dim=-1).max(dim=-1)
    elif kind == "average":
        return windows.mean(dim=-1).mean(dim=-1)
    raise ValueError(kind)

# %% wrong="pool" really="the channels are pooled as well and one channel is left"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = stride or size
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.amax(dim=(1, 4, 5))[:, None]
    if kind == "average":
        return windows.mean(dim=(1, 4, 5))[:, None]
    raise ValueError(kind)

# %% wrong="pool" really="knows the mean under the name mean only and refuses average"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = stride or size
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.amax(dim=(4, 5))
    if kind == "mean":
        return windows.mean(dim=(4, 5))
    raise ValueError("kind must be max or mean")

# %% wrong="pool" really="a table of kinds raises KeyError for another kind, not ValueError"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = size if stride is None else stride
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    how = {"max": torch.amax, "average": torch.mean}
    return how[kind](windows, dim=(4, 5))

# %% wrong="pool" really="the stride is used down only, across the windows always lie side by side"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = stride or size
    windows = images.unfold(2, size, stride).unfold(3, size, size)
    if kind == "max":
        return windows.amax(dim=(4, 5))
    if kind == "average":
        return windows.mean(dim=(4, 5))
    raise ValueError(kind)

# %% wrong="pool" really="the greatest is looked for from 0 upwards, so windows with negative numbers only give 0"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in ("max", "average"):
        raise ValueError(kind)
    step = size if stride is None else stride
    n, c, h, w = images.shape
    rows, columns = output_size(h, size, step), output_size(w, size, step)
    result = torch.zeros(n, c, rows, columns, dtype=images.dtype, device=images.device)
    for i in range(size):
        for j in range(size):
            pixels = images[:, :, i:i + (rows - 1) * step + 1:step, j:j + (columns - 1) * step + 1:step]
            result = torch.maximum(result, pixels) if kind == "max" else result + pixels / size ** 2
    return result

# %% wrong="pool" really="the sum is divided by the square of the stride instead of the window's area"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if stride is None:
        stride = size
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.amax(dim=(4, 5))
    if kind == "average":
        return windows.sum(dim=(4, 5)) / stride ** 2
    raise ValueError(f"kind {kind}")

# %% wrong="pool" really="the mean divides by the side of the window, not by its area"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if stride is None:
        stride = size
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.amax(dim=(4, 5))
    if kind == "average":
        return windows.sum(dim=(4, 5)) / size
    raise ValueError(f"kind {kind}")

# %% wrong="pool" really="the last window is lost where it ends exactly at the edge"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in ("max", "average"):
        raise ValueError("max or average")
    stride = stride or size
    n, c, h, w = images.shape
    lines = []
    for top in range(0, h - size, stride):
        line = []
        for left in range(0, w - size, stride):
            window = images[:, :, top:top + size, left:left + size].flatten(2)
            line.append(window.amax(2) if kind == "max" else window.mean(2))
        lines.append(torch.stack(line, dim=2))
    return torch.stack(lines, dim=2)

# %% wrong="pool" really="the reshape puts both window axes last without moving them, so the windows are made of runs of pixels along the row"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in ("max", "average"):
        raise ValueError("max or average")
    n, c, h, w = images.shape
    if stride is None:
        rows, columns = h // size, w // size
        windows = images[:, :, :rows * size, :columns * size].reshape(n, c, rows, columns, size, size)
    else:
        windows = images.unfold(2, size, stride).unfold(3, size, stride)
    return windows.amax(dim=(4, 5)) if kind == "max" else windows.mean(dim=(4, 5))

# %% wrong="pool" really="raises ValueError where the size does not divide the image, instead of leaving pixels out"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in ("max", "average") or images.shape[2] % size or images.shape[3] % size:
        raise ValueError("cannot pool that")
    if kind == "max":
        return torch.nn.functional.max_pool2d(images, size, stride)
    return torch.nn.functional.avg_pool2d(images, size, stride)

# %% wrong="pool" really="leaves out the pixels at the upper and left edge, not those at the right and lower one"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = size if stride is None else stride
    h, w = images.shape[2:]
    images = images[:, :, (h - size) % stride:, (w - size) % stride:]
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.amax(dim=(4, 5))
    if kind == "average":
        return windows.mean(dim=(4, 5))
    raise ValueError(kind)

# %% wrong="pool" really="the result is a new float32 block, whatever the dtype of the images"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in ("max", "average"):
        raise ValueError("max or average")
    stride = stride or size
    n, c, h, w = images.shape
    out = torch.zeros(n, c, (h - size) // stride + 1, (w - size) // stride + 1)
    for r in range(out.shape[2]):
        for s in range(out.shape[3]):
            window = images[:, :, r * stride:r * stride + size, s * stride:s * stride + size]
            out[:, :, r, s] = window.amax(dim=(2, 3)) if kind == "max" else window.mean(dim=(2, 3))
    return out

# %% wrong="pool" really="numbers are copied out by item, so no gradient comes through the pooling"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind != "max" and kind != "average":
        raise ValueError("max or average")
    stride = stride or size
    n, c, h, w = images.shape
    out = torch.zeros(n, c, (h - size) // stride + 1, (w - size) // stride + 1, dtype=images.dtype)
    for i in range(n):
        for j in range(c):
            for r in range(out.shape[2]):
                for s in range(out.shape[3]):
                    window = images[i, j, r * stride:r * stride + size, s * stride:s * stride + size]
                    out[i, j, r, s] = window.max().item() if kind == "max" else window.mean().item()
    return out

# %% wrong="pool" really="adaptive pooling: where the size does not divide the side the windows are of other sizes and overlap"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in ("max", "average"):
        raise ValueError(kind)
    stride = stride or size
    shape = (output_size(images.shape[2], size, stride), output_size(images.shape[3], size, stride))
    if kind == "max":
        return torch.nn.functional.adaptive_max_pool2d(images, shape)
    return torch.nn.functional.adaptive_avg_pool2d(images, shape)

# %% wrong="pool" really="the number that is greatest without its sign: the size of negative numbers comes out"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = size if stride is None else stride
    windows = images.unfold(2, size, stride).unfold(3, size, stride)
    if kind == "max":
        return windows.abs().amax(dim=(4, 5))
    if kind == "average":
        return windows.mean(dim=(4, 5))
    raise ValueError(kind)

# %% wrong="pool" really="a batch of one or a single channel loses its axis by squeeze"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    stride = size if stride is None else stride
    if kind == "max":
        result = torch.nn.functional.max_pool2d(images, size, stride)
    elif kind == "average":
        result = torch.nn.functional.avg_pool2d(images, size, stride)
    else:
        raise ValueError(kind)
    return result.squeeze()

# %% right="pool" style="unfold twice, amax or mean"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    step = size if stride is None else stride
    windows = images.unfold(2, size, step).unfold(3, size, step)
    if kind == "max":
        return windows.amax(dim=(-2, -1))
    if kind == "average":
        return windows.mean(dim=(-2, -1))
    raise ValueError(f"kind is max or average, not {kind}")

# %% right="pool" style="torch's own pooling"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    F = torch.nn.functional
    match kind:
        case "max":
            return F.max_pool2d(images, size, stride)
        case "average":
            return F.avg_pool2d(images, size, stride)
        case _:
            raise ValueError(kind)

# %% right="pool" style="loops over the windows, lists stacked"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in {"max", "average"}:
        raise ValueError("either max or average")
    if stride is None:
        stride = size
    h, w = images.shape[-2:]
    one = (lambda window: window.flatten(2).max(dim=2).values) if kind == "max" else (lambda window: window.flatten(2).mean(dim=2))
    return torch.stack([torch.stack([one(images[:, :, y:y + size, x:x + size]) for x in range(0, w - size + 1, stride)], dim=-1)
                        for y in range(0, h - size + 1, stride)], dim=-2)

# %% right="pool" style="first along the rows, then along the columns, by a helper for one axis"
def _along(block, axis, size, step, kind):
    windows = block.unfold(axis, size, step)
    return windows.max(dim=-1).values if kind == "max" else windows.sum(dim=-1) / size


@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind != "max" and kind != "average":
        raise ValueError("unknown kind " + repr(kind))
    step = stride or size
    return _along(_along(images, 3, size, step, kind), 2, size, step, kind)

# %% right="pool" style="the moved and thinned pictures, combined one by one"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in ("max", "average"):
        raise ValueError(kind)
    step = size if stride is None else stride
    rows, columns = output_size(images.shape[2], size, step), output_size(images.shape[3], size, step)
    moved = [images[:, :, i:, j:][:, :, ::step, ::step][:, :, :rows, :columns] for i in range(size) for j in range(size)]
    stack = torch.stack(moved)
    return stack.amax(0) if kind == "max" else stack.mean(0)

# %% right="pool" style="functional.unfold with the channels in the batch"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    if kind not in ("max", "average"):
        raise ValueError(f"cannot pool by {kind}")
    if stride is None:
        stride = size
    n, c, h, w = images.shape
    columns = torch.nn.functional.unfold(images.reshape(n * c, 1, h, w), size, stride=stride)
    best = columns.max(dim=1)[0] if kind == "max" else columns.mean(dim=1)
    return best.reshape(n, c, (h - size) // stride + 1, (w - size) // stride + 1)

# %% right="pool" style="reshape where windows lie side by side, index lists otherwise"
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    reductions = {"max": lambda block: block.amax((3, 5)), "average": lambda block: block.mean((3, 5))}
    if kind not in reductions:
        raise ValueError(f"{kind} is none of {list(reductions)}")
    n, c, h, w = images.shape
    step = size if stride is None else stride
    rows, columns = (h - size) // step + 1, (w - size) // step + 1
    if step == size:
        block = images[..., :rows * size, :columns * size].reshape(n, c, rows, size, columns, size)
    else:
        y = [r * step + i for r in range(rows) for i in range(size)]
        x = [s * step + j for s in range(columns) for j in range(size)]
        block = images[:, :, y][:, :, :, x].reshape(n, c, rows, size, columns, size)
    return reductions[kind](block)

# %% wrong="class_activation_map" really="always asks about class 0"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    return torch.einsum("nchw,c->nhw", features, weights[0])

# %% wrong="class_activation_map" really="picks columns of the weights, one channel of all classes, in place of rows"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    chosen = weights[:, classes].T
    return (features * chosen[:, :, None, None]).sum(dim=1)

# %% wrong="class_activation_map" really="the mean over the channels instead of the sum"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    chosen = weights[classes]
    return (features * chosen[:, :, None, None]).mean(dim=1)

# %% wrong="class_activation_map" really="means over the places are taken, so the logit comes out and no map"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    means = features.mean(dim=(2, 3))
    return (means * weights[classes]).sum(dim=1)

# %% wrong="class_activation_map" really="evidence against the class is cut off by a ReLU"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    cam = (features * weights[classes][:, :, None, None]).sum(dim=1)
    return torch.relu(cam)

# %% wrong="class_activation_map" really="picks the classes for every image: (n, n, height, width)"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    every = torch.einsum("nchw,kc->nkhw", features, weights)
    return every[:, classes]

# %% wrong="class_activation_map" really="the summed axis is kept: (n, 1, height, width)"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    chosen = weights[classes].unsqueeze(-1).unsqueeze(-1)
    return (features * chosen).sum(dim=1, keepdim=True)

# %% wrong="class_activation_map" really="stretched to 0 to 1 for each image, so the mean is no longer the logit"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    cam = torch.einsum("nchw,nc->nhw", features, weights[classes])
    low, high = cam.amin(dim=(1, 2), keepdim=True), cam.amax(dim=(1, 2), keepdim=True)
    return (cam - low) / (high - low + 1e-8)

# %% wrong="class_activation_map" really="a softmax makes shares of the weights first"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    shares = weights[classes].softmax(dim=1)
    return torch.einsum("nchw,nc->nhw", features, shares)

# %% wrong="class_activation_map" really="the class of the first image is used for the whole batch"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    row = weights[classes[0]]
    return (features * row[None, :, None, None]).sum(1)

# %% wrong="class_activation_map" really="multiplies the features in place and so changes the argument"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    features *= weights[classes][:, :, None, None]
    return features.sum(dim=1)

# %% wrong="class_activation_map" really="the plain heatmap: the weights are left out"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    return features.sum(dim=1)

# %% wrong="class_activation_map" really="the row number of the image is used in place of its class"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    maps = []
    for i in range(len(classes)):
        w = weights[i]
        maps.append((features[i] * w[:, None, None]).sum(dim=0))
    return torch.stack(maps)

# %% wrong="class_activation_map" really="one map is filled for all images, they are added on top of each other"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    n, c, height, width = features.shape
    cam = torch.zeros(height, width, dtype=features.dtype)
    maps = []
    for i in range(n):
        for channel in range(c):
            cam = cam + weights[classes[i], channel] * features[i, channel]
        maps.append(cam)
    return torch.stack(maps)

# %% wrong="class_activation_map" really="one_hot guesses the number of classes from the largest one asked about, an error unless that is the last class"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    chosen = torch.nn.functional.one_hot(classes).to(weights.dtype) @ weights
    return torch.einsum("nc,nchw->nhw", chosen, features)

# %% wrong="class_activation_map" really="asks about the class with the highest logit and not about the class it is given"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    logits = features.mean(dim=(2, 3)) @ weights.T
    classes = logits.argmax(dim=1)
    return (features * weights[classes][:, :, None, None]).sum(dim=1)

# %% wrong="class_activation_map" really="counts classes from 1"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    return (features * weights[classes - 1][:, :, None, None]).sum(dim=1)

# %% wrong="class_activation_map" really="shows the one channel with the largest weight in place of all channels added up"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    best = weights[classes].argmax(dim=1)
    picked = torch.arange(len(classes))
    return features[picked, best] * weights[classes, best][:, None, None]

# %% wrong="class_activation_map" really="item takes one class only, it stops with an error for a batch of more than one"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    w = weights[classes.item()]
    return torch.einsum("c,nchw->nhw", w, features)

# %% wrong="class_activation_map" really="the axes of the weights are missing, so they meet height and width of the maps: an error, or wrong numbers where sizes agree"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    return (features * weights[classes]).sum(dim=1)

# %% wrong="class_activation_map" really="places are melted before the channel is moved last, so reshape mixes channels and places"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    n, c, h, w = features.shape
    flat = features.reshape(n, h * w, c)
    return (flat @ weights[classes][:, :, None]).reshape(n, h, w)

# %% wrong="class_activation_map" really="height and width come out exchanged, seen only where maps are not square or compared place by place"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    return torch.einsum("nchw,nc->nwh", features, weights[classes])

# %% wrong="class_activation_map" really="divided by the number of places, although the mean is only taken afterwards"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    cam = torch.einsum("nchw,nc->nhw", features, weights[classes])
    return cam / (features.shape[2] * features.shape[3])

# %% wrong="class_activation_map" really="maps of 10 by 10 are built into the reshape"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    n, c = features.shape[:2]
    flat = features.reshape(n, c, -1)
    return torch.bmm(weights[classes].unsqueeze(1), flat).reshape(n, 10, 10)

# %% wrong="class_activation_map" really="only the size of the weights counts: evidence against a class is shown as evidence for it"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    return torch.einsum("nchw,nc->nhw", features, weights[classes].abs())

# %% wrong="class_activation_map" really="the result is a new float32 block, whatever the dtype of the features"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    n, c, height, width = features.shape
    cam = torch.zeros(n, height, width)
    for i in range(n):
        for channel in range(c):
            cam[i] += features[i, channel] * weights[classes[i], channel]
    return cam

# %% wrong="class_activation_map" really="keeps the maps in a table by class, so images that share a class all get the map of the last of them"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    maps = {}
    for image, k in zip(features, classes.tolist()):
        maps[k] = (image * weights[k][:, None, None]).sum(dim=0)
    return torch.stack([maps[k] for k in classes.tolist()])

# %% right="class_activation_map" style="products with two axes added, and a sum"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    return (features * weights[classes][:, :, None, None]).sum(dim=1)

# %% right="class_activation_map" style="einsum"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    return torch.einsum("nc,nchw->nhw", weights[classes], features)

# %% right="class_activation_map" style="batched matrix product over melted places"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    rows = weights.index_select(0, classes.long()).unsqueeze(1)
    return torch.bmm(rows, features.flatten(2)).squeeze(1).unflatten(1, features.shape[2:])

# %% right="class_activation_map" style="a loop over images and channels"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    maps = []
    for image, number in zip(features, classes.tolist()):
        total = torch.zeros_like(image[0])
        for channel, weight in zip(image, weights[number]):
            total = total + weight * channel
        maps.append(total)
    return torch.stack(maps)

# %% right="class_activation_map" style="maps of all classes, then one for each image"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    every = (features.permute(0, 2, 3, 1) @ weights.T).permute(0, 3, 1, 2)
    return every[torch.arange(len(classes), device=classes.device), classes]

# %% right="class_activation_map" style="one-hot rows choose the weights"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    pick = torch.nn.functional.one_hot(classes.long(), num_classes=len(weights)).to(weights.dtype)
    return torch.einsum("nk,kc,nchw->nhw", pick, weights, features)

# %% right="class_activation_map" style="a 1 by 1 convolution, gathered by class"
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    n, c, height, width = features.shape
    every = torch.nn.functional.conv2d(features, weights[:, :, None, None])
    index = classes.long().view(n, 1, 1, 1).expand(n, 1, height, width)
    return every.gather(1, index)[:, 0]

# %% right="class_activation_map" style="a lambda for one image, tensordot, list comprehension"
_one = lambda maps, row: torch.tensordot(row, maps, dims=1)


@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    return torch.stack([_one(features[i], weights[int(classes[i])]) for i in range(features.shape[0])])
