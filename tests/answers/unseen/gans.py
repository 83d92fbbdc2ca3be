# Answers of learners for lesson 11-gans, thought up blind.

# %% wrong="discriminator_loss" really="one average over all things together, so the larger side counts more"
@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    prices = torch.cat([nn.functional.softplus(-real), nn.functional.softplus(fake)])
    return 2 * prices.mean()

# %% wrong="discriminator_loss" really="logarithm of the sigmoid as it stands: infinite for large logits"
@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    return -torch.log(torch.sigmoid(real)).mean() - torch.log(1 - torch.sigmoid(fake)).mean()

# %% wrong="discriminator_loss" really="binary cross-entropy on the sigmoid cuts the price off at 100 and kills the slope of a surely wrong logit"
@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    bce = nn.functional.binary_cross_entropy
    return bce(torch.sigmoid(real), torch.ones_like(real)) + bce(torch.sigmoid(fake), torch.zeros_like(fake))

# %% wrong="discriminator_loss" really="the price of the mean logit in place of the mean of the prices"
@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    softplus = torch.nn.functional.softplus
    return softplus(-real.mean()) + softplus(fake.mean())

# %% wrong="discriminator_loss" really="the signs are the wrong way round: pays for calling real things real and fakes fake"
@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    return torch.nn.functional.softplus(real).mean() + torch.nn.functional.softplus(-fake).mean()

# %% wrong="discriminator_loss" really="targets of length one: stops with an error for more than one thing"
@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    bce = nn.BCEWithLogitsLoss()
    return bce(real, torch.ones(1)) + bce(fake, torch.zeros(1))

# %% right="discriminator_loss" style="binary cross-entropy with logits"
@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    bce = nn.functional.binary_cross_entropy_with_logits
    return bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))

# %% right="discriminator_loss" style="logsigmoid, sums divided by counts"
@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    sure = nn.LogSigmoid()
    total = -sure(real).sum() / real.numel()
    total = total - sure(-fake).sum() / fake.numel()
    return total

# %% right="discriminator_loss" style="cross-entropy of two classes, the logit of fake fixed at 0"
def price(logits, truth):
    both = torch.stack([torch.zeros_like(logits), logits], dim=1)
    return nn.functional.cross_entropy(both, torch.full((len(logits),), truth, device=logits.device))

@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    return price(real, 1) + price(fake, 0)

# %% wrong="generator_loss" really="the saturating loss: minus the discriminator's price for fakes"
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    return -nn.functional.softplus(fake).mean()

# %% wrong="generator_loss" really="a small number under the logarithm caps the price near 18 and takes the slope from fakes that are surely caught"
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    chance = torch.sigmoid(fake)
    return -torch.log(chance + 1e-8).mean()

# %% wrong="generator_loss" really="the gradient is cut: the logits are copied out into a new tensor"
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    prices = [nn.functional.softplus(-logit).item() for logit in fake]
    return tensor(sum(prices) / len(prices), requires_grad=True)

# %% wrong="generator_loss" really="added up, not averaged"
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    return nn.functional.softplus(-fake).sum()

# %% wrong="generator_loss" really="no slope at a shrug: relu and abs both have slope 0 at logit 0, where it ought to be -1/2"
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    return (torch.relu(-fake) + torch.log1p(torch.exp(-fake.abs()))).mean()

# %% wrong="generator_loss" really="the logarithm of the mean chance in place of the mean of the logarithms"
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    return -torch.log(torch.sigmoid(fake).mean())

# %% right="generator_loss" style="logaddexp with zero"
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    return torch.logaddexp(torch.zeros_like(fake), -fake).mean()

# %% right="generator_loss" style="logsigmoid and an inner product with equal weights"
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    weights = torch.full_like(fake, 1 / len(fake))
    return -torch.dot(weights, nn.functional.logsigmoid(fake))

# %% right="generator_loss" style="loop, each logit against the answer real"
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    total = 0.0
    for logit in fake.unbind():
        total = total + nn.functional.binary_cross_entropy_with_logits(logit, torch.ones_like(logit))
    return total / len(fake)

# %% wrong="Game" really="no detach: the discriminator's loss also runs back into the generator, and its gradient is walked by the generator too"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        self.generator_optimiser.zero_grad()
        self.discriminator_optimiser.zero_grad()
        fake = self.generator(latents)
        d_loss = discriminator_loss(self.discriminator(real), self.discriminator(fake)) + self.penalty(real)
        d_loss.backward(retain_graph=True)
        self.discriminator_optimiser.step()
        g_loss = generator_loss(self.discriminator(fake))
        g_loss.backward()
        self.generator_optimiser.step()
        return d_loss, g_loss

# %% wrong="Game" really="what the generator's half leaves in the discriminator is still there when the discriminator walks the next time"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        fake = self.generator(latents)
        paid = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        paid.backward()
        self.discriminator_optimiser.step()
        self.discriminator_optimiser.zero_grad()

        earned = generator_loss(self.discriminator(fake))
        earned.backward()
        self.generator_optimiser.step()
        self.generator_optimiser.zero_grad()
        return paid, earned

# %% wrong="Game" really="the generator learns from what the discriminator said before its step, not from what it says now"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        fake = self.generator(latents)
        for_discriminator = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        for_generator = generator_loss(self.discriminator(fake))

        self.generator_optimiser.zero_grad()
        for_generator.backward()
        self.discriminator_optimiser.zero_grad()
        for_discriminator.backward()
        self.discriminator_optimiser.step()
        self.generator_optimiser.step()
        return for_discriminator, for_generator

# %% wrong="Game" really="the penalty is taken at the fakes and not at the real things"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        fake = self.generator(latents)
        exhibits = fake.detach()
        d = discriminator_loss(self.discriminator(real), self.discriminator(exhibits))
        d = d + self.penalty(exhibits)
        self.discriminator_optimiser.zero_grad()
        d.backward()
        self.discriminator_optimiser.step()
        g = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        g.backward()
        self.generator_optimiser.step()
        return d, g

# %% wrong="Game" really="the discriminator's weights are frozen for the generator's half and never thawed, the second step stops with an error"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        fake = self.generator(latents)
        self.discriminator_optimiser.zero_grad()
        one = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        one.backward()
        self.discriminator_optimiser.step()

        for weight in self.discriminator.parameters():
            weight.requires_grad = False
        self.generator_optimiser.zero_grad()
        two = generator_loss(self.discriminator(fake))
        two.backward()
        self.generator_optimiser.step()
        return one, two

# %% wrong="Game" really="the returned losses are computed again after the steps, they are not those that were walked down"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        def price(fake):
            return discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)

        fake = self.generator(latents)
        self.discriminator_optimiser.zero_grad()
        price(fake).backward()
        self.discriminator_optimiser.step()
        self.generator_optimiser.zero_grad()
        generator_loss(self.discriminator(fake)).backward()
        self.generator_optimiser.step()
        fake = self.generator(latents)
        return price(fake), generator_loss(self.discriminator(fake))

# %% right="Game" style="a helper method that clears, walks back and steps"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def walk(self, loss, optimiser):
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.detach()

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach()))
        first = self.walk(judged + self.penalty(real), self.discriminator_optimiser)
        second = self.walk(generator_loss(self.discriminator(fake)), self.generator_optimiser)
        return first, second

# %% right="Game" style="the discriminator is frozen during the generator's half and thawed again"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        fake = self.generator(latents)

        loss_d = discriminator_loss(self.discriminator(real), self.discriminator(fake.clone().detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        loss_d.backward()
        self.discriminator_optimiser.step()

        thawed = [weight for weight in self.discriminator.parameters() if weight.requires_grad]
        for weight in thawed:
            weight.requires_grad_(False)
        self.generator_optimiser.zero_grad()
        loss_g = generator_loss(self.discriminator(fake))
        loss_g.backward()
        self.generator_optimiser.step()
        for weight in thawed:
            weight.requires_grad_(True)
        return loss_d.detach(), loss_g.detach()

# %% right="Game" style="backward told for which weights (inputs=), everything cleared at the end as well"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        of_generator = [weight for weight in self.generator.parameters() if weight.requires_grad]
        of_discriminator = [weight for weight in self.discriminator.parameters() if weight.requires_grad]
        fake = self.generator(latents)
        self.discriminator_optimiser.zero_grad()
        self.generator_optimiser.zero_grad()
        says_real, says_fake = self.discriminator(real), self.discriminator(fake.detach())
        lost = discriminator_loss(says_real, says_fake) + self.penalty(real)
        lost.backward(inputs=of_discriminator)
        self.discriminator_optimiser.step()
        missed = generator_loss(self.discriminator(fake))
        missed.backward(inputs=of_generator)
        self.generator_optimiser.step()
        self.discriminator_optimiser.zero_grad()
        self.generator_optimiser.zero_grad()
        return lost, missed

# %% wrong="modes_covered" really="a point exactly at the radius is left out"
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    distance, nearest = torch.cdist(points, centres).min(dim=1)
    counts = torch.bincount(nearest[distance < radius], minlength=len(centres))
    return int((counts >= least).sum())

# %% wrong="modes_covered" really="a point is counted for every centre within the radius and not only for the nearest"
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    near = torch.cdist(points, centres) <= radius
    return int((near.sum(dim=0) >= least).sum())

# %% wrong="modes_covered" really="more than least are asked for where at least so many would do"
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    distances = torch.cdist(points, centres)
    served = 0
    for i in range(len(centres)):
        mine = (distances.argmin(dim=1) == i) & (distances[:, i] <= radius)
        if mine.sum() > least:
            served += 1
    return served

# %% wrong="modes_covered" really="the squared distance is compared with the radius"
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    distances = ((points[:, None] - centres[None]) ** 2).sum(dim=-1)
    nearest = distances.argmin(dim=1)
    inside = distances.min(dim=1).values <= radius
    return sum(int((inside & (nearest == pile)).sum() >= least) for pile in range(centres.shape[0]))

# %% wrong="modes_covered" really="asks for each centre which point is nearest, the wrong axis: no pile gets more than its one nearest point"
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    distance, nearest = torch.cdist(points, centres).min(dim=0)
    kept = nearest[distance <= radius]
    counts = torch.bincount(kept, minlength=len(centres))
    return int((counts >= least).sum())

# %% wrong="modes_covered" really="only the first two coordinates are looked at, made for the plane of the ring"
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    dx = points[:, 0:1] - centres[:, 0]
    dy = points[:, 1:2] - centres[:, 1]
    distance, nearest = torch.sqrt(dx ** 2 + dy ** 2).min(dim=1)
    counts = torch.zeros(len(centres))
    for pile, far in zip(nearest, distance):
        if far <= radius:
            counts[pile] += 1
    return int((counts >= least).sum())

# %% right="modes_covered" style="a plain loop with a list of counts"
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    counts = [0] * len(centres)
    for point in points:
        distances = (centres - point).norm(dim=1)
        nearest = int(distances.argmin())
        if distances[nearest] <= radius:
            counts[nearest] += 1
    return sum(count >= least for count in counts)

# %% right="modes_covered" style="broadcast differences, bincount"
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    away = torch.linalg.vector_norm(points.unsqueeze(1) - centres.unsqueeze(0), dim=2)
    how_far, whose = away.min(dim=1)
    counts = whose[how_far <= radius].bincount(minlength=centres.shape[0])
    return (counts >= least).sum().item()

# %% right="modes_covered" style="one-hot rows of the nearest, masked by the radius, without matrix products in cdist"
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    distances = torch.cdist(points, centres, compute_mode="donot_use_mm_for_euclid_dist")
    mine = nn.functional.one_hot(distances.argmin(dim=1), len(centres)).bool()
    return int(((mine & (distances <= radius)).sum(dim=0) >= least).count_nonzero())

# %% wrong="conditional_logits" really="every picture is multiplied with every picture's order: (n, n) and not (n,)"
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    return scores + features @ embeddings[labels].T

# %% wrong="conditional_logits" really="the products are averaged, not added up"
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    wanted = embeddings[labels]
    return scores + (features * wanted).mean(dim=1)

# %% wrong="conditional_logits" really="one-hot without the number of classes: stops with an error where the last class was not ordered"
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    wanted = nn.functional.one_hot(labels).to(embeddings.dtype) @ embeddings
    return scores + (features * wanted).sum(dim=-1)

# %% wrong="conditional_logits" really="from_pretrained freezes the rows, so no gradient reaches the embeddings"
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    look_up = nn.Embedding.from_pretrained(embeddings)
    return scores + (look_up(labels) * features).sum(dim=1)

# %% wrong="conditional_logits" really="adds up over the pictures as well, right for a batch of one only"
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    fit = (features * embeddings[labels]).sum()
    return scores + fit

# %% wrong="conditional_logits" really="stops with an error: dot takes two rows, not two tables"
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    return scores + torch.dot(features, embeddings[labels])

# %% right="conditional_logits" style="einsum"
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    return torch.einsum("nk,nk->n", features, embeddings[labels]) + scores

# %% right="conditional_logits" style="the fit with all classes, then gather the one ordered"
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    with_all = features @ embeddings.T
    return scores + with_all.gather(1, labels.long().unsqueeze(1)).squeeze(1)

# %% right="conditional_logits" style="index_select and a batched product of a row and a column, baddbmm"
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    wanted = torch.index_select(embeddings, 0, labels)
    return torch.baddbmm(scores[:, None, None], features[:, None, :], wanted[:, :, None]).flatten()

# %% wrong="slerp" really="the lengths are not divided out of the cosine"
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    omega = torch.acos((start @ end).clamp(-1, 1))
    if omega.sin() == 0:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end) / torch.sin(omega)

# %% wrong="slerp" really="only equal vectors get the straight line, two of one direction and other lengths can give NaN"
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    if torch.equal(start, end):
        return start.clone()
    cos = (start @ end / (start.norm() * end.norm())).clamp(-1, 1)
    omega = torch.acos(cos)
    return torch.sin((1 - share) * omega) / torch.sin(omega) * start + torch.sin(share * omega) / torch.sin(omega) * end

# %% wrong="slerp" really="the answer has length one whatever the lengths of start and end: the directions are mixed in place of the vectors"
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    a, b = start / start.norm(), end / end.norm()
    omega = torch.acos(torch.clamp(a @ b, -1.0, 1.0))
    if torch.sin(omega) < 1e-6:
        return torch.lerp(start, end, share)
    return (torch.sin((1 - share) * omega) * a + torch.sin(share * omega) * b) / torch.sin(omega)

# %% wrong="slerp" really="takes the straight line already where the cosine is above 0.9, which leaves the arc by some per cent"
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    cosine = torch.nn.functional.cosine_similarity(start, end, dim=0)
    if cosine > 0.9:
        return start + share * (end - start)
    omega = torch.acos(cosine.clamp(-1, 1))
    so = torch.sin(omega)
    return torch.sin((1.0 - share) * omega) / so * start + torch.sin(share * omega) / so * end

# %% wrong="slerp" really="where the two point the same way it stays at the start, though the lengths may differ"
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    omega = torch.arccos((torch.dot(start, end) / start.norm() / end.norm()).clamp(-1, 1))
    if omega < 1e-3:
        return start
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end) / torch.sin(omega)

# %% wrong="slerp" really="the two shares are swapped: it begins at the end"
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    cos = (start * end).sum() / (start.norm() * end.norm())
    omega = torch.acos(cos.clamp(-1, 1))
    if omega.sin().abs() < 1e-6:
        return share * start + (1 - share) * end
    return torch.sin(share * omega) / omega.sin() * start + torch.sin((1 - share) * omega) / omega.sin() * end

# %% right="slerp" style="formula, with the straight line where the sine is nearly zero"
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    cosine = (start @ end) / (start.norm() * end.norm())
    omega = torch.acos(cosine.clamp(-1.0, 1.0))
    if cosine > 0 and omega.sin() < 1e-5:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * omega) * start + torch.sin(share * omega) * end) / omega.sin()

# %% right="slerp" style="no branch: a quotient of sinc, angle from half-angle tangent"
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    a, b = start / start.norm(), end / end.norm()
    turns = 2 * torch.atan2((a - b).norm(), (a + b).norm()) / torch.pi

    def part(s):
        return s * torch.sinc(s * turns) / torch.sinc(turns)

    return part(1 - share) * start + part(share) * end

# %% right="slerp" style="in double precision, given back in the type that came in"
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    a, b = start.double(), end.double()
    cosine = torch.sum(a / a.norm() * (b / b.norm())).clamp(-1, 1)
    if 1 - cosine < 1e-12:
        weights = [1 - share, share]
    else:
        omega = cosine.arccos()
        weights = [torch.sin((1 - share) * omega) / omega.sin(), torch.sin(share * omega) / omega.sin()]
    return (weights[0] * a + weights[1] * b).to(start.dtype)

# %% wrong="breed" really="the inherited part gets 1 - mutation and not the root of 1 - mutation squared"
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    child = torch.where(genes, mother, father)
    return (1 - mutation) * child + mutation * noise

# %% wrong="breed" really="mother and father are swapped"
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    inherited = torch.where(genes, father, mother)
    return math.sqrt(1 - mutation ** 2) * inherited + mutation * noise

# %% wrong="breed" really="the mutation is not squared under the root"
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    inherited = torch.where(genes, mother, father)
    return math.sqrt(1 - mutation) * inherited + mutation * noise

# %% wrong="breed" really="stops with an error: a tensor of True and False cannot be subtracted from 1"
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    inherited = genes * mother + (1 - genes) * father
    return (1 - mutation ** 2) ** 0.5 * inherited + mutation * noise

# %% wrong="breed" really="the mother's numbers are written into the father, who is changed by it"
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    child = father
    child[genes] = mother[genes]
    return (1 - mutation ** 2) ** 0.5 * child + mutation * noise

# %% wrong="breed" really="the root weakens the noise as well, a wrong bracket"
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    return math.sqrt(1 - mutation ** 2) * (torch.where(genes, mother, father) + mutation * noise)

# %% right="breed" style="a copy with the father's numbers put in by a mask"
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    child = mother.clone()
    child[~genes] = father[~genes]
    return child * (1 - mutation * mutation) ** 0.5 + noise * mutation

# %% right="breed" style="gene by gene in a comprehension"
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    inherited = torch.stack([m if from_mother else f for m, f, from_mother in zip(mother, father, genes)])
    keep = math.sqrt(1 - mutation ** 2)
    return keep * inherited + mutation * noise

# %% right="breed" style="the two weights as cosine and sine of an angle; masked products"
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    angle = math.asin(mutation)
    inherited = mother * genes + father * genes.logical_not()
    return math.cos(angle) * inherited + math.sin(angle) * noise
