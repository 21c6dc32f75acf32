using NUnit.Framework;
using Podsharp.Core.Images;

namespace Podsharp.Testing.Contracts;

/// <summary>What every <see cref="IImageStore"/> keeps to. Derive, answer a fresh store, and the tests run.</summary>
public abstract class ImageStoreContract
{
    private static readonly Image One = Samples.Image("one", "app:1");
    private static readonly Image Two = Samples.Image("two", "app:2");
    private static readonly ImageReference Latest = ImageReference.Parse("app:latest");

    protected abstract IImageStore Store { get; }

    [Test]
    public async Task An_added_image_is_found_by_id_tag_digest_and_prefix()
    {
        var digest = ImageReference.Parse($"app@{Samples.Digest("manifest")}");
        await AddAsync(One with { RepositoryDigests = [digest] });
        Assert.That(Store.Find(One.Id)?.Id, Is.EqualTo(One.Id));
        Assert.That(Store.Find(One.Tags[0])?.Id, Is.EqualTo(One.Id));
        Assert.That(Store.Find(digest)?.Id, Is.EqualTo(One.Id));
        Assert.That(Store.FindByPrefix(One.Id.Hex[..8]).Select(image => image.Id), Is.EqualTo([One.Id]));
        Assert.That(Store.All.Select(image => image.Id), Is.EqualTo([One.Id]));
    }

    [Test]
    public async Task What_is_not_there_is_null()
    {
        await AddAsync(One);
        Assert.That(Store.Find(Two.Id), Is.Null);
        Assert.That(Store.Find(Two.Tags[0]), Is.Null);
        Assert.That(Store.FindByPrefix(Two.Id.Hex[..8]), Is.Empty);
        Assert.That(Store.FindLayer(Samples.Digest("no layer")), Is.Null);
        Assert.That(Store.ReadBlob(Samples.Digest("no blob")), Is.Null);
    }

    [Test]
    public async Task Adding_again_adds_names()
    {
        await AddAsync(One);
        var merged = await AddAsync(One with { Tags = [Latest] });
        Assert.That(merged.Tags, Is.EquivalentTo([One.Tags[0], Latest]));
        Assert.That(Store.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_tag_moves_to_the_image_that_is_added_with_it()
    {
        await AddAsync(One);
        await AddAsync(Two with { Tags = One.Tags });
        Assert.That(Store.Find(One.Tags[0])?.Id, Is.EqualTo(Two.Id));
        Assert.That(Store.Find(One.Id)?.Tags, Is.Empty);
    }

    [Test]
    public async Task A_tag_that_moves_to_another_platform_of_the_same_index_means_both()
    {
        var index = ImageReference.Parse($"app@{Samples.Digest("index")}");
        await AddAsync(One with { RepositoryDigests = [index] });
        var arm = await AddAsync(PlatformSamples.Arm("arm") with { Tags = One.Tags, RepositoryDigests = [index] });

        Assert.That(Store.FindPlatforms(One.Tags[0]).Select(static image => image.Id), Is.EqualTo([arm.Id, One.Id]));
        Assert.That(Store.Find(index)?.Id, Is.EqualTo(arm.Id));
        Assert.That(Store.Find(One.Id)?.PlatformTags, Is.EqualTo(One.Tags));

        await AddAsync(One with { RepositoryDigests = [index] });
        Assert.That(Store.FindPlatforms(One.Tags[0]).Select(static image => image.Id), Is.EqualTo([One.Id, arm.Id]));
    }

    [Test]
    public async Task A_tag_that_moves_to_another_image_means_no_platform_of_the_former()
    {
        await AddAsync(One);
        await AddAsync(PlatformSamples.Arm("arm", "app:1"));
        await AddAsync(Two with { Tags = One.Tags });

        Assert.That(Store.FindPlatforms(One.Tags[0]).Select(static image => image.Id), Is.EqualTo([Two.Id]));
        Assert.That(Store.All.Where(static image => image.PlatformTags.Count > 0), Is.Empty);
    }

    [Test]
    public async Task A_tag_may_be_given_to_several_platforms_and_is_taken_from_all()
    {
        await AddAsync(One);
        var arm = await AddAsync(PlatformSamples.Arm("arm"));
        await Store.TagAsync(One.Id, Latest, [arm.Id], CancellationToken.None);
        Assert.That(Store.FindPlatforms(Latest).Select(static image => image.Id), Is.EqualTo([One.Id, arm.Id]));

        await Store.UntagAsync(Latest, CancellationToken.None);
        Assert.That(Store.FindPlatforms(Latest), Is.Empty);
        Assert.That(Store.Find(arm.Id)?.AllTags(), Is.Empty);
    }

    [Test]
    public async Task A_tag_of_a_removed_image_becomes_the_other_platforms_own()
    {
        await AddAsync(One);
        var arm = await AddAsync(PlatformSamples.Arm("arm", "app:1"));
        await Store.RemoveAsync(One.Id, CancellationToken.None);
        Assert.That(Store.Find(One.Tags[0])?.Id, Is.EqualTo(arm.Id));
        Assert.That(Store.Find(arm.Id)?.PlatformTags, Is.Empty);
    }

    [Test]
    public async Task A_tag_is_given_and_taken_from_another()
    {
        await AddAsync(One);
        await AddAsync(Two);
        await Store.TagAsync(Two.Id, One.Tags[0], CancellationToken.None);
        Assert.That(Store.Find(One.Tags[0])?.Id, Is.EqualTo(Two.Id));
        Assert.That(Store.Find(Two.Id)?.Tags, Is.EquivalentTo([Two.Tags[0], One.Tags[0]]));
        Assert.That(Store.Find(Two.Id)?.LastTagged, Is.Not.Null);
        Assert.That(Store.Find(One.Id)?.Tags, Is.Empty);
    }

    [Test]
    public async Task Giving_the_tag_it_has_changes_no_names()
    {
        await AddAsync(One);
        await Store.TagAsync(One.Id, One.Tags[0], CancellationToken.None);
        Assert.That(Store.Find(One.Id)?.Tags, Is.EqualTo(One.Tags));
    }

    [Test]
    public async Task The_image_stays_when_its_last_name_is_taken_away()
    {
        await AddAsync(One);
        await Store.UntagAsync(One.Tags[0], CancellationToken.None);
        Assert.That(Store.Find(One.Tags[0]), Is.Null);
        Assert.That(Store.Find(One.Id)?.Tags, Is.Empty);
    }

    [Test]
    public async Task A_removed_image_is_gone_with_its_names_and_may_be_removed_again()
    {
        await AddAsync(One);
        await AddAsync(Two);
        await Store.RemoveAsync(One.Id, CancellationToken.None);
        await Store.RemoveAsync(One.Id, CancellationToken.None);
        Assert.That(Store.Find(One.Id), Is.Null);
        Assert.That(Store.Find(One.Tags[0]), Is.Null);
        Assert.That(Store.All.Select(image => image.Id), Is.EqualTo([Two.Id]));
    }

    private async Task<Image> AddAsync(Image image) => await Store.AddAsync(image, CancellationToken.None);
}
