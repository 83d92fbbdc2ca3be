# Right and wrong answers to lesson 17-sequences: for each exercise at least two right ones unlike the lesson's and four wrong ones, each named.
# %% right="median" style="torch.quantile"
@exercise
def median(values):
    return values.quantile(0.5)

# %% wrong="median" named="without sorting"
@exercise
def median(values):
    return values[len(values) // 2]

# %% wrong="median" named="you took the mean"
@exercise
def median(values):
    return values.mean()
