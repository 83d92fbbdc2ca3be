"""Right and wrong answers to lesson 11 (Two networks that improve each other), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/11-gans/gans.py, for what is asked."""

# %% right="discriminator_loss" style="torch's own cross-entropy of logits"
@exercise
def discriminator_loss(real, fake):
    entropy = torch.nn.functional.binary_cross_entropy_with_logits
    return entropy(real, torch.ones_like(real)) + entropy(fake, torch.zeros_like(fake))

# %% right="discriminator_loss" style="logsigmoid"
@exercise
def discriminator_loss(real, fake):
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(real).mean() + log_sigmoid(-fake).mean())

# %% right="discriminator_loss" style="logaddexp, and sums divided by counts"
@exercise
def discriminator_loss(real, fake):
    zero = torch.zeros(1)
    return torch.logaddexp(zero, -real).sum() / len(real) + torch.logaddexp(zero, fake).sum() / len(fake)

# %% wrong="discriminator_loss" named="the two sides the wrong way round"
@exercise
def discriminator_loss(real, fake):
    return torch.nn.functional.softplus(real).mean() + torch.nn.functional.softplus(-fake).mean()

# %% wrong="discriminator_loss" named="only the real things are in it"
@exercise
def discriminator_loss(real, fake):
    return torch.nn.functional.softplus(-real).mean()

# %% wrong="discriminator_loss" named="only the fakes are in it"
@exercise
def discriminator_loss(real, fake):
    return torch.nn.functional.softplus(fake).mean()

# %% wrong="discriminator_loss" named="you added the prices up"
@exercise
def discriminator_loss(real, fake):
    return torch.nn.functional.softplus(-real).sum() + torch.nn.functional.softplus(fake).sum()

# %% wrong="discriminator_loss" named="you averaged the two averages"
@exercise
def discriminator_loss(real, fake):
    return (torch.nn.functional.softplus(-real).mean() + torch.nn.functional.softplus(fake).mean()) / 2

# %% wrong="discriminator_loss" named="threw all prices into one pile"
@exercise
def discriminator_loss(real, fake):
    logits = torch.cat([real, fake])
    truth = torch.cat([torch.ones_like(real), torch.zeros_like(fake)])
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, truth)

# %% wrong="discriminator_loss" named="the sign is turned"
@exercise
def discriminator_loss(real, fake):
    return torch.nn.functional.logsigmoid(real).mean() + torch.nn.functional.logsigmoid(-fake).mean()

# %% wrong="discriminator_loss" named="probabilities of being wrong"
@exercise
def discriminator_loss(real, fake):
    return (1 - torch.sigmoid(real)).mean() + torch.sigmoid(fake).mean()

# %% wrong="discriminator_loss" named="that is the hinge loss"
@exercise
def discriminator_loss(real, fake):
    return torch.relu(1 - real).mean() + torch.relu(1 + fake).mean()

# %% wrong="discriminator_loss" named="plain difference of the mean logits"
@exercise
def discriminator_loss(real, fake):
    return fake.mean() - real.mean()

# %% wrong="discriminator_loss" named="you pay for fakes as if they were real"
@exercise
def discriminator_loss(real, fake):
    return torch.nn.functional.softplus(-real).mean() + torch.nn.functional.softplus(-fake).mean()

# %% wrong="discriminator_loss" named="you took the sigmoid first"
@exercise
def discriminator_loss(real, fake):
    real, fake = torch.sigmoid(real), torch.sigmoid(fake)
    return torch.nn.functional.softplus(-real).mean() + torch.nn.functional.softplus(fake).mean()

# %% wrong="discriminator_loss" named="squared distance from 1 and 0"
@exercise
def discriminator_loss(real, fake):
    return ((real - 1) ** 2).mean() + (fake ** 2).mean()

# %% wrong="discriminator_loss" named="you subtract the fakes' price"
@exercise
def discriminator_loss(real, fake):
    return torch.nn.functional.softplus(-real).mean() - torch.nn.functional.softplus(fake).mean()

# %% wrong="discriminator_loss" named="you averaged the logits first"
@exercise
def discriminator_loss(real, fake):
    return torch.nn.functional.softplus(-real.mean()) + torch.nn.functional.softplus(fake.mean())

# %% wrong="discriminator_loss" named="very sure and wrong costs you infinity"
@exercise
def discriminator_loss(real, fake):
    return torch.log(1 + torch.exp(-real)).mean() + torch.log(1 + torch.exp(fake)).mean()

# %% wrong="discriminator_loss" named="very sure and wrong costs you infinity"
@exercise
def discriminator_loss(real, fake):
    return -torch.log(torch.sigmoid(real)).mean() - torch.log(1 - torch.sigmoid(fake)).mean()

# %% wrong="discriminator_loss" named="stops counting at 100 a side"
@exercise
def discriminator_loss(real, fake):
    entropy = torch.nn.functional.binary_cross_entropy
    return entropy(torch.sigmoid(real), torch.ones_like(real)) + entropy(torch.sigmoid(fake), torch.zeros_like(fake))

# %% wrong="discriminator_loss" named="you clamp before the logarithm"
@exercise
def discriminator_loss(real, fake):
    tiny = 1e-8
    return -torch.log(torch.sigmoid(real).clamp(min=tiny)).mean() - torch.log(torch.sigmoid(-fake).clamp(min=tiny)).mean()

# %% wrong="discriminator_loss" really="a ReLU and log1p by hand: at logit 0 both corners have slope 0, and the price has 1/2"
@exercise
def discriminator_loss(real, fake):
    def soft(x):
        return torch.relu(x) + torch.log1p(torch.exp(-x.abs()))
    return soft(-real).mean() + soft(fake).mean()

# %% wrong="discriminator_loss" named="the minus belongs inside"
@exercise
def discriminator_loss(real, fake):
    soft = torch.nn.functional.softplus
    return -soft(real).mean() + soft(fake).mean()

# %% wrong="discriminator_loss" really="the minus belongs inside"
@exercise
def discriminator_loss(real, fake):
    soft = torch.nn.functional.softplus
    return -soft(real).mean() - soft(-fake).mean()

# %% wrong="discriminator_loss" named="1 minus a price is no price"
@exercise
def discriminator_loss(real, fake):
    soft = torch.nn.functional.softplus
    return soft(-real).mean() + (1 - soft(fake)).mean()

# %% wrong="discriminator_loss" really="zip stops where"
@exercise
def discriminator_loss(real, fake):
    soft = torch.nn.functional.softplus
    total = 0
    for one, other in zip(real, fake):
        total = total + soft(-one) + soft(other)
    return total / len(real)

# %% wrong="discriminator_loss" named="you averaged the chances before the logarithm"
@exercise
def discriminator_loss(real, fake):
    return -torch.log(torch.sigmoid(real).mean()) - torch.log(1 - torch.sigmoid(fake).mean())

# %% right="generator_loss" style="torch's own cross-entropy of logits"
@exercise
def generator_loss(fake):
    return torch.nn.functional.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))

# %% right="generator_loss" style="logsigmoid"
@exercise
def generator_loss(fake):
    return torch.mean(-torch.nn.functional.logsigmoid(fake))

# %% right="generator_loss" style="logaddexp"
@exercise
def generator_loss(fake):
    return torch.logaddexp(torch.zeros_like(fake), -fake).sum() / fake.numel()

# %% wrong="generator_loss" named="that is the saturating loss"
@exercise
def generator_loss(fake):
    return -torch.nn.functional.softplus(fake).mean()

# %% wrong="generator_loss" named="the discriminator's own price for fakes"
@exercise
def generator_loss(fake):
    return torch.nn.functional.softplus(fake).mean()

# %% wrong="generator_loss" named="you added up"
@exercise
def generator_loss(fake):
    return torch.nn.functional.softplus(-fake).sum()

# %% wrong="generator_loss" named="that is minus the mean logit"
@exercise
def generator_loss(fake):
    return -fake.mean()

# %% wrong="generator_loss" named="you averaged the chance of being caught"
@exercise
def generator_loss(fake):
    return (1 - torch.sigmoid(fake)).mean()

# %% wrong="generator_loss" really="the sign is turned"
@exercise
def generator_loss(fake):
    return torch.log(torch.sigmoid(fake)).mean()

# %% wrong="generator_loss" named="you took the sigmoid first"
@exercise
def generator_loss(fake):
    return torch.nn.functional.softplus(-torch.sigmoid(fake)).mean()

# %% wrong="generator_loss" named="the generator has one side only"
@exercise
def generator_loss(fake):
    return discriminator_loss(fake, fake)

# %% wrong="generator_loss" named="you averaged the logits first"
@exercise
def generator_loss(fake):
    return torch.nn.functional.softplus(-fake.mean())

# %% wrong="generator_loss" named="you averaged the chances before the logarithm"
@exercise
def generator_loss(fake):
    return -torch.sigmoid(fake).mean().log()

# %% wrong="generator_loss" named="minus the chance of passing"
@exercise
def generator_loss(fake):
    return -torch.sigmoid(fake).mean()

# %% wrong="generator_loss" named="very sure and wrong costs you infinity"
@exercise
def generator_loss(fake):
    return torch.log(1 + torch.exp(-fake)).mean()

# %% wrong="generator_loss" named="you used binary_cross_entropy on probabilities"
@exercise
def generator_loss(fake):
    return torch.nn.functional.binary_cross_entropy(torch.sigmoid(fake), torch.ones_like(fake))

# %% wrong="generator_loss" really="a ReLU and log1p by hand: at logit 0 both corners have slope 0, and the price has -1/2"
@exercise
def generator_loss(fake):
    def soft(x):
        return torch.relu(x) + torch.log1p(torch.exp(-x.abs()))
    return soft(-fake).mean()

# %% wrong="generator_loss" named="that is squared distance from 1"
@exercise
def generator_loss(fake):
    return ((fake - 1) ** 2).mean()

# %% right="Game" style="fakes made twice, the first time without a graph"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        with torch.no_grad():
            exhibits = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(exhibits)) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fake = self.generator(latents)
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% right="Game" style="everything cleared at the start of each half"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        self.generator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        self.discriminator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% right="Game" style="cleared after use as well, losses returned as they are"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        self.discriminator_optimiser.zero_grad()
        self.generator_optimiser.zero_grad()
        return judged.detach().clone(), fooled.detach().clone()

# %% right="Game" style="the discriminator's weights frozen in the second half"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        self.discriminator.requires_grad_(False)
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        self.discriminator.requires_grad_(True)
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="a gradient ran into the generator too"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake)) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the discriminator's loss has moved the generator"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake)) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        self.generator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="before its step"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="walked down the saturating loss"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = -torch.nn.functional.softplus(self.discriminator(fake)).mean()
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="helps to catch itself"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = torch.nn.functional.softplus(self.discriminator(fake)).mean()
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="detached in the generator's half too"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents).detach()
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the generator never steps"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the discriminator never steps"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="before either player stepped"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        fooled = generator_loss(self.discriminator(fake))
        self.discriminator_optimiser.zero_grad()
        self.generator_optimiser.zero_grad()
        (judged + fooled).backward()
        self.discriminator_optimiser.step()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="stepped a second time, towards being fooled"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        self.discriminator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        self.discriminator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="stepped a second time, on all the gradients"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        self.discriminator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="real things and fakes are the wrong way round"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(fake.detach()), self.discriminator(real)) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="nothing has moved: each half"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        fooled = generator_loss(self.discriminator(fake))
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="nothing has moved, though"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="still carries the gradient"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        judged.backward()
        self.discriminator_optimiser.step()
        self.discriminator_optimiser.zero_grad()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="gradients pile up"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the penalty is missing"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach()))
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the wrong way round: the discriminator's comes first"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return fooled.detach(), judged.detach()

# %% wrong="Game" named="subtracted the penalty"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) - self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the penalty went to the generator"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach()))
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake)) + self.penalty(real)
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" really="loss is taken before the discriminator's step"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        before = generator_loss(self.discriminator(fake)).detach()
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), before

# %% wrong="Game" named="the discriminator's gradients pile up"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the generator's gradients pile up"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="so they taught it nothing: detach the fakes themselves"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake).detach()) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" really="and asked it only once"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        for_real, for_fake = self.discriminator(real), self.discriminator(fake)
        judged = discriminator_loss(for_real, for_fake.detach()) + self.penalty(real)
        fooled = generator_loss(for_fake)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the second half is self.generator_optimiser's"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.discriminator_optimiser.zero_grad()
        fooled.backward()
        self.discriminator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the second step is self.generator_optimiser's"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.discriminator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" really="the generator went first"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fooled = generator_loss(self.discriminator(self.generator(latents)))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        judged = discriminator_loss(self.discriminator(real), self.discriminator(self.generator(latents).detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="the penalty is taken at the fakes"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(fake.detach())
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="r1 is counted twice"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.r1 * self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="is not in the loss that you return"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach()))
        self.discriminator_optimiser.zero_grad()
        (judged + self.penalty(real)).backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()

# %% wrong="Game" named="and not in the one that is walked down"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach()))
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return (judged + self.penalty(real)).detach(), fooled.detach()

# %% wrong="Game" really="you judged anew after the steps"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator, discriminator, optimiser, r1=0.0):
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real):
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self):
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real, latents):
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()
        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake)) + self.penalty(real)
        return judged.detach(), generator_loss(self.discriminator(fake)).detach()

# %% right="modes_covered" style="a loop over the centres"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    nearest, served = distances.argmin(dim=1), 0
    for place in range(len(centres)):
        mine = (nearest == place) & (distances[:, place] <= radius)
        served += int(mine.sum() >= least)
    return served

# %% right="modes_covered" style="a dictionary of counts"
@exercise
def modes_covered(points, centres, radius, least):
    counts = {}
    for point in points:
        far = (centres - point).square().sum(dim=1).sqrt()
        place = int(far.argmin())
        if float(far[place]) <= radius:
            counts[place] = counts.get(place, 0) + 1
    return sum(count >= least for count in counts.values())

# %% right="modes_covered" style="one-hot"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    near, which = distances.min(dim=1)
    table = torch.nn.functional.one_hot(which, len(centres)) * (near <= radius)[:, None]
    return (table.sum(dim=0) >= least).sum().item()

# %% wrong="modes_covered" named="the radius changes nothing"
@exercise
def modes_covered(points, centres, radius, least):
    which = torch.cdist(points, centres).argmin(dim=1)
    return int((torch.bincount(which, minlength=len(centres)) >= least).sum())

# %% wrong="modes_covered" named="one point is enough for you"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    near, which = distances.min(dim=1)
    return len(which[near <= radius].unique())

# %% wrong="modes_covered" named="you count the points near a centre"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    near, which = distances.min(dim=1)
    return int((near <= radius).sum())

# %% wrong="modes_covered" named="the share of the piles"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    near, which = distances.min(dim=1)
    return float((torch.bincount(which[near <= radius], minlength=len(centres)) >= least).float().mean())

# %% wrong="modes_covered" named="exactly `least` points is served"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    near, which = distances.min(dim=1)
    return int((torch.bincount(which[near <= radius], minlength=len(centres)) > least).sum())

# %% wrong="modes_covered" named="the radius itself belongs"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    near, which = distances.min(dim=1)
    return int((torch.bincount(which[near < radius], minlength=len(centres)) >= least).sum())

# %% wrong="modes_covered" named="a point counts for every centre"
@exercise
def modes_covered(points, centres, radius, least):
    return int(((torch.cdist(points, centres) <= radius).sum(dim=0) >= least).sum())

# %% wrong="modes_covered" named="a mask came"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    near, which = distances.min(dim=1)
    return torch.bincount(which[near <= radius], minlength=len(centres)) >= least

# %% wrong="modes_covered" named="the points of each pile came"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    near, which = distances.min(dim=1)
    return torch.bincount(which[near <= radius], minlength=len(centres))

# %% wrong="modes_covered" named="you count the points of the piles that are served"
@exercise
def modes_covered(points, centres, radius, least):
    distances = torch.cdist(points, centres)
    near, which = distances.min(dim=1)
    counts = torch.bincount(which[near <= radius], minlength=len(centres))
    return int(counts[counts >= least].sum())

# %% wrong="modes_covered" named="how many piles there are"
@exercise
def modes_covered(points, centres, radius, least):
    return len(centres)

# %% wrong="modes_covered" named="you hold squared distances"
@exercise
def modes_covered(points, centres, radius, least):
    distance, nearest = (points[:, None] - centres).square().sum(dim=2).min(dim=1)
    counts = torch.bincount(nearest[distance <= radius], minlength=len(centres))
    return int((counts >= least).sum())

# %% wrong="modes_covered" named="you measure along one axis at a time"
@exercise
def modes_covered(points, centres, radius, least):
    distance, nearest = (points[:, None] - centres).abs().amax(dim=2).min(dim=1)
    counts = torch.bincount(nearest[distance <= radius], minlength=len(centres))
    return int((counts >= least).sum())

# %% wrong="modes_covered" really="you measure along one axis at a time"
@exercise
def modes_covered(points, centres, radius, least):
    distance, nearest = (points[:, None, 0] - centres[:, 0]).abs().min(dim=1)
    counts = torch.bincount(nearest[distance <= radius], minlength=len(centres))
    return int((counts >= least).sum())

# %% wrong="modes_covered" named="you add the differences up"
@exercise
def modes_covered(points, centres, radius, least):
    distance, nearest = (points[:, None] - centres).abs().sum(dim=2).min(dim=1)
    counts = torch.bincount(nearest[distance <= radius], minlength=len(centres))
    return int((counts >= least).sum())

# %% right="conditional_logits" style="einsum"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + torch.einsum('nk,nk->n', features, embeddings[labels])

# %% right="conditional_logits" style="all pairs, then gather"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    fits = features @ embeddings.T
    return scores + fits.gather(1, labels[:, None]).squeeze(1)

# %% right="conditional_logits" style="a loop"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return torch.stack([score + feature @ embeddings[label] for score, feature, label in zip(scores, features, labels)])

# %% wrong="conditional_logits" named="you took the mean"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + (features * embeddings[labels]).mean(dim=1)

# %% wrong="conditional_logits" named="the score is missing"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return (features * embeddings[labels]).sum(dim=1)

# %% wrong="conditional_logits" named="the labels change nothing"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + (features * embeddings[:len(features)]).sum(dim=1)

# %% wrong="conditional_logits" named="added up over the pictures"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + (features * embeddings[labels]).sum(dim=0)

# %% wrong="conditional_logits" named="multiplied by the score"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores * (features * embeddings[labels]).sum(dim=1)

# %% wrong="conditional_logits" named="every other's order"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + features @ embeddings[labels].T

# %% wrong="conditional_logits" named="every other's order"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores[:, None] + features @ embeddings[labels].T

# %% wrong="conditional_logits" named="about every class"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores[:, None] + features @ embeddings.T

# %% wrong="conditional_logits" named="the class that fits best"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + (features @ embeddings.T).max(dim=1).values

# %% wrong="conditional_logits" named="added features and embeddings"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + (features + embeddings[labels]).sum(dim=1)

# %% wrong="conditional_logits" named="products are not added up"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores[:, None] + (features * embeddings[labels])

# %% wrong="conditional_logits" named="subtracted the fit"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores - (features * embeddings[labels]).sum(dim=1)

# %% wrong="conditional_logits" named="everything up to one number"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + (features * embeddings[labels]).sum()

# %% wrong="conditional_logits" named="the label itself"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + (features * labels[:, None]).sum(dim=1)

# %% wrong="conditional_logits" named="a step is left out with `features` in it"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + features * embeddings[labels]

# %% wrong="conditional_logits" named="once for each feature"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return (scores[:, None] + features * embeddings[labels]).sum(dim=1)

# %% wrong="conditional_logits" named="about every class, and all were added up"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return scores + (features @ embeddings.T).sum(dim=1)

# %% wrong="conditional_logits" named="that is the chance of 'real'"
@exercise
def conditional_logits(scores, features, embeddings, labels):
    return torch.sigmoid(scores + (features * embeddings[labels]).sum(dim=1))

# %% right="slerp" style="numbers from math"
@exercise
def slerp(start, end, share):
    lengths = float(start.norm() * end.norm())
    omega = math.acos(max(-1.0, min(1.0, float(start @ end) / lengths)))
    if math.sin(omega) < 2e-3:
        return start + share * (end - start)
    one, other = math.sin((1 - share) * omega) / math.sin(omega), math.sin(share * omega) / math.sin(omega)
    return one * start + other * end

# %% right="slerp" style="cosine_similarity and torch.where"
@exercise
def slerp(start, end, share):
    omega = torch.arccos(torch.cosine_similarity(start, end, dim=0).clamp(-1, 1))
    straight = torch.sin(omega) < 2e-3
    safe = torch.where(straight, torch.ones_like(omega), omega)
    arc = torch.sin((1 - share) * safe) / torch.sin(safe) * start + torch.sin(share * safe) / torch.sin(safe) * end
    return torch.where(straight, torch.lerp(start, end, share), arc)

# %% wrong="slerp" named="that is the straight line, which"
@exercise
def slerp(start, end, share):
    return (1 - share) * start + share * end

# %% wrong="slerp" named="from the end to the start"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.arccos(cosine)
    if omega.sin().abs() < 2e-3:
        return torch.lerp(start, end, share)
    return (torch.sin(share * omega) * start + torch.sin((1 - share) * omega) * end) / torch.sin(omega)

# %% wrong="slerp" really="pulled out to the shell"
@exercise
def slerp(start, end, share):
    mix = (1 - share) * start + share * end
    return mix / mix.norm() * start.norm()

# %% wrong="slerp" really="your result has length 1"
@exercise
def slerp(start, end, share):
    start, end = start / start.norm(), end / end.norm()
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.arccos(cosine)
    if omega.sin().abs() < 2e-3:
        return torch.lerp(start, end, share)
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end) / torch.sin(omega)

# %% wrong="slerp" really="pulled out to length 1"
@exercise
def slerp(start, end, share):
    return torch.nn.functional.normalize((1 - share) * start + share * end, dim=0)

# %% wrong="slerp" named="did not divide by the sine"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.arccos(cosine)
    if omega.sin().abs() < 2e-3:
        return torch.lerp(start, end, share)
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end)

# %% wrong="slerp" named="not multiplied by the angle"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.arccos(cosine)
    if omega.sin().abs() < 2e-3:
        return torch.lerp(start, end, share)
    return (math.sin(1 - share) * start + math.sin(share) * end) / torch.sin(omega)

# %% wrong="slerp" named="took cosines for weights"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.arccos(cosine)
    if omega.sin().abs() < 2e-3:
        return torch.lerp(start, end, share)
    return (torch.cos((1 - share) * omega) * start + torch.cos(share * omega) * end) / torch.sin(omega)

# %% wrong="slerp" named="a step is left out"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = cosine
    if omega.sin().abs() < 2e-3:
        return torch.lerp(start, end, share)
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end) / torch.sin(omega)

# %% wrong="slerp" named="only the start is left"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.arccos(cosine)
    if omega.sin().abs() < 2e-3:
        return torch.lerp(start, end, share)
    return torch.sin((1 - share) * omega) * start / torch.sin(omega)

# %% wrong="slerp" really="the lengths are not divided out of the cosine"
@exercise
def slerp(start, end, share):
    omega = torch.arccos(start @ end)
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end) / torch.sin(omega)

# %% wrong="slerp" really="you divided 0 by 0"
@exercise
def slerp(start, end, share):
    omega = torch.arccos(start @ end / (start.norm() * end.norm()))
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end) / torch.sin(omega)

# %% wrong="slerp" named="you stay at the start"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.arccos(cosine)
    if omega.sin().abs() < 2e-3:
        return start.clone()
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end) / torch.sin(omega)

# %% wrong="slerp" named="you jump to the end"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.arccos(cosine)
    if omega.sin().abs() < 2e-3:
        return end.clone()
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end) / torch.sin(omega)

# %% wrong="slerp" named="you gave nothing"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.arccos(cosine)
    weights = torch.sin((1 - share) * omega), torch.sin(share * omega)
    return torch.nan_to_num((weights[0] * start + weights[1] * end) / torch.sin(omega)) if omega > 2e-3 else torch.zeros_like(start)

# %% right="slerp" style="a straight line where the cosine is above 0.9995"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if cosine > 0.9995:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)

# %% wrong="slerp" named="calls of the other kind"
@exercise
def slerp(start, end, share):
    cosine = (start @ end).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if torch.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)

# %% wrong="slerp" really="so clamp it before arccos"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm()))
    angle = torch.arccos(cosine)
    if torch.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)

# %% wrong="slerp" named="clamp it to [-1, 1], not at 0"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(0, 1)
    angle = torch.arccos(cosine)
    if torch.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)

# %% wrong="slerp" named="leave it its sign"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).abs().clamp(-1, 1)
    angle = torch.arccos(cosine)
    if torch.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)

# %% wrong="slerp" really="the straight line too early"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if cosine > 0.9:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)

# %% wrong="slerp" really="only the end's part is divided"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if torch.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end / torch.sin(angle)

# %% wrong="slerp" really="only the start's part is divided"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if torch.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return torch.sin((1 - share) * angle) / torch.sin(angle) * start + torch.sin(share * angle) * end

# %% wrong="slerp" really="the angle stands outside the sines"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if torch.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return (math.sin(1 - share) * angle * start + math.sin(share) * angle * end) / torch.sin(angle)

# %% wrong="slerp" really="brackets: (1 - share) * angle"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if torch.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return (torch.sin(1 - share * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)

# %% wrong="slerp" named="calls of the other kind"
@exercise
def slerp(start, end, share):
    cosine = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    angle = torch.arcsin(cosine)
    if torch.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)

# %% right="breed" style="arithmetic with the genes as numbers"
@exercise
def breed(mother, father, genes, mutation, noise):
    hers = genes.float()
    inherited = hers * mother + (1 - hers) * father
    return (1 - mutation ** 2) ** 0.5 * inherited + mutation * noise

# %% right="breed" style="a copy that is written into"
@exercise
def breed(mother, father, genes, mutation, noise):
    child = father.clone()
    child[genes] = mother[genes]
    child *= math.sqrt(1 - mutation * mutation)
    return child + noise * mutation

# %% right="breed" style="a loop"
@exercise
def breed(mother, father, genes, mutation, noise):
    kept = math.sqrt(1 - mutation ** 2)
    return torch.stack([kept * (m if g else f) + mutation * n for m, f, g, n in zip(mother, father, genes, noise)])

# %% wrong="breed" named="genes are the wrong way round"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation ** 2) * torch.where(genes, father, mother) + mutation * noise

# %% wrong="breed" named="parents' weight is 1 - mutation"
@exercise
def breed(mother, father, genes, mutation, noise):
    return (1 - mutation) * torch.where(genes, mother, father) + mutation * noise

# %% wrong="breed" named="is not made smaller"
@exercise
def breed(mother, father, genes, mutation, noise):
    return torch.where(genes, mother, father) + mutation * noise

# %% wrong="breed" named="its root is missing"
@exercise
def breed(mother, father, genes, mutation, noise):
    return (1 - mutation ** 2) * torch.where(genes, mother, father) + mutation * noise

# %% wrong="breed" named="square the mutation first"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation) * torch.where(genes, mother, father) + mutation * noise

# %% wrong="breed" named="the noise has its full weight"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation ** 2) * torch.where(genes, mother, father) + noise

# %% wrong="breed" named="the noise is missing"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation ** 2) * torch.where(genes, mother, father)

# %% wrong="breed" named="nothing has mutated"
@exercise
def breed(mother, father, genes, mutation, noise):
    return torch.where(genes, mother, father)

# %% wrong="breed" named="the mean of the parents"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation ** 2) * (mother + father) / 2 + mutation * noise

# %% wrong="breed" named="weights are swapped"
@exercise
def breed(mother, father, genes, mutation, noise):
    return mutation * torch.where(genes, mother, father) + math.sqrt(1 - mutation ** 2) * noise

# %% wrong="breed" named="without adding the father's part"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation ** 2) * genes * mother + mutation * noise

# %% wrong="breed" named="weight of the noise is squared"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation ** 2) * torch.where(genes, mother, father) + mutation ** 2 * noise

# %% wrong="breed" named="you added both parents"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation ** 2) * (mother + father) + mutation * noise

# %% wrong="breed" named="the call wrote into its argument `mother`"
@exercise
def breed(mother, father, genes, mutation, noise):
    mother[~genes] = father[~genes]
    return math.sqrt(1 - mutation ** 2) * mother + mutation * noise

# %% wrong="breed" named="neither part is weighed"
@exercise
def breed(mother, father, genes, mutation, noise):
    return torch.where(genes, mother, father) + noise

# %% wrong="breed" named="made smaller along with"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation ** 2) * (torch.where(genes, mother, father) + mutation * noise)

# %% wrong="breed" named="you subtracted the noise"
@exercise
def breed(mother, father, genes, mutation, noise):
    return math.sqrt(1 - mutation ** 2) * torch.where(genes, mother, father) - mutation * noise

# %% wrong="breed" named="is half of the first power"
@exercise
def breed(mother, father, genes, mutation, noise):
    return (1 - mutation ** 2) ** 1 / 2 * torch.where(genes, mother, father) + mutation * noise

# %% wrong="breed" named="you squared 1 - mutation"
@exercise
def breed(mother, father, genes, mutation, noise):
    return (1 - mutation) ** 2 * torch.where(genes, mother, father) + mutation * noise
