using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Tests.Archives;

/// <summary>An image layout that has one name for several platforms.</summary>
[Category("Root")]
public sealed class PlatformArchivesTests : ArchiveFixture
{
    private static readonly byte[] ForIntel = ConfigFor("amd64");
    private static readonly byte[] ForOldArm = ConfigFor("arm", "v6");
    private static readonly byte[] ForArm = ConfigFor("arm", "v7");

    [TestCase(null, "amd64", 3)]
    [TestCase("linux/amd64", "amd64", 1)]
    [TestCase("linux/arm/v6", "arm v6", 1)]
    [TestCase("linux/arm/v7", "arm v7", 1)]
    [TestCase("linux/arm/v7 linux/amd64", "arm v7", 2)]
    public async Task The_platform_that_was_asked_for_first_gets_the_name_else_this_machines(string? asked, string expected, int held)
    {
        foreach (var inManifests in new[] { true, false })
        {
            var loaded = await LoadAsync(Archive(inManifests), asked);

            Assert.That(PlatformOf(loaded.Single().Image), Is.EqualTo(expected));
            Assert.That(loaded[0].Tags.Single().Familiar, Is.EqualTo("multi:1"));
            Assert.That(Stores.Images.All, Has.Count.EqualTo(held));
            Assert.That(Stores.Images.FindPlatforms(Multi).Select(static image => image.Config.Architecture), Has.Exactly(held).Items);
            AssertNothingStaged();
            foreach (var image in Stores.Images.All) await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);
        }
    }

    [Test]
    public async Task What_several_platforms_were_saved_as_is_loaded_as_the_same()
    {
        await LoadAsync(Archive(inManifests: true), null);
        var all = Stores.Images.FindPlatforms(Multi);
        var archive = await SaveAsync([new ImageToSave(all[0], [Multi], []), .. all.Skip(1).Select(image => new ImageToSave(image, [], [Multi]))]);
        foreach (var image in all) await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);
        Assert.That(Stores.Images.All, Is.Empty);

        var loaded = await LoadAsync(archive, null);

        Assert.That(loaded.Single().Image.Id, Is.EqualTo(all[0].Id));
        Assert.That(Stores.Images.FindPlatforms(Multi).Select(static image => image.Id), Is.EquivalentTo(all.Select(static image => image.Id)));
        Assert.That(ArchiveSamples.Read(archive).Select(static member => member.Name), Is.Unique);
        Assert.That((await LoadAsync(archive, "linux/arm/v6")).Single().Image.Config.Variant, Is.EqualTo("v6"));
    }

    [Test]
    public async Task A_platform_whose_layers_are_not_in_the_archive_is_left_out()
    {
        var other = Encoding.UTF8.GetBytes($$$"""{"architecture":"arm64","os":"linux","rootfs":{"diff_ids":["{{{DigestOf(Top)}}}"]}}""");
        var (here, there) = (ManifestFor(ForIntel), Encoding.UTF8.GetBytes($$"""{"config":{{Descriptor(other)}},"layers":[{{Descriptor(Top)}}]}"""));
        var index = Encoding.UTF8.GetBytes($$"""{"manifests":[{{string.Join(',', new[] { there, here }.Select(one => Descriptor(one)[..^1] + ",\"annotations\":{\"io.containerd.image.name\":\"docker.io/library/multi:1\"}}"))}}]}""");
        var archive = Tar(("index.json", index), (Blob(here), here), (Blob(there), there), (Blob(other), other), (Blob(ForIntel), ForIntel), (Blob(Base), Base));

        Assert.That((await LoadAsync(archive, null)).Single().Image.Id, Is.EqualTo(DigestOf(ForIntel)));

        Assert.That(Stores.Images.All, Has.Count.EqualTo(1));
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => LoadAsync(archive, "linux/arm64")))!.Message, Does.Contain($"lacks the layer {DigestOf(Top)}"));
    }

    [Test]
    public async Task The_configuration_counts_where_the_index_tells_no_platforms()
    {
        var loaded = await LoadAsync(Archive(inManifests: false), "linux/arm/v7");

        Assert.That(PlatformOf(loaded.Single().Image), Is.EqualTo("arm v7"));
    }

    [Test]
    public async Task A_platform_that_is_not_there_is_told_and_nothing_kept()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => LoadAsync(Archive(inManifests: true), "linux/riscv64"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotFound));
        Assert.That(failure.Message, Does.Contain("linux/riscv64"));
        AssertEmpty();
    }

    [Test]
    public async Task An_archive_of_one_platform_is_not_taken_for_another()
    {
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => LoadAsync(Simple("a:1", Base), "linux/arm64")))!.Kind, Is.EqualTo(ErrorKind.NotFound));
        AssertEmpty();

        Assert.That(await LoadAsync(Simple("a:1", Base), "linux/amd64"), Has.Count.EqualTo(1));
    }

    private static readonly ImageReference Multi = ImageReference.Parse("multi:1");

    private async Task<byte[]> SaveAsync(IReadOnlyList<ImageToSave> images)
    {
        using var target = new MemoryStream();
        await using var archive = Stores.ImageExports.Open(images);
        await archive.WriteToAsync(target, CancellationToken.None);
        return target.ToArray();
    }

    private static string PlatformOf(Image image) => $"{image.Config.Architecture} {image.Config.Variant}".TrimEnd();

    private static byte[] ConfigFor(string architecture, string variant = "") => Encoding.UTF8.GetBytes(
        $$$"""{"architecture":"{{{architecture}}}","variant":"{{{variant}}}","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{DigestOf(Base)}}}"]}}""");

    private static byte[] ManifestFor(byte[] config) => Encoding.UTF8.GetBytes(
        $$$"""{"schemaVersion":2,"config":{{{Descriptor(config)}}},"layers":[{{{Descriptor(Base)}}}]}""");

    /// <summary>An index within the index, as builders of several platforms write it.</summary>
    private static byte[] Archive(bool inManifests)
    {
        (byte[] Config, string Platform)[] images =
        [
            (ForOldArm, "\"architecture\":\"arm\",\"variant\":\"v6\""), (ForArm, "\"architecture\":\"arm\",\"variant\":\"v7\""), (ForIntel, "\"architecture\":\"amd64\""),
        ];
        var entries = images.Select(image => Descriptor(ManifestFor(image.Config)) is var descriptor && inManifests
            ? $"{descriptor[..^1]},\"platform\":{{\"os\":\"linux\",{image.Platform}}}}}"
            : descriptor).ToList();
        // Without platforms in it an index is a list of images, each with the name.
        const string Name = "\"annotations\":{\"io.containerd.image.name\":\"docker.io/library/multi:1\"}";
        var nested = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[{{string.Join(',', entries)}}]}""");
        var index = Encoding.UTF8.GetBytes(inManifests
            ? $"{{\"schemaVersion\":2,\"manifests\":[{{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"{DigestOf(nested)}\",{Name}}}]}}"
            : $"{{\"schemaVersion\":2,\"manifests\":[{string.Join(',', entries.Select(entry => $"{entry[..^1]},{Name}}}"))}]}}");
        return Tar(
        [
            ("index.json", index), (Blob(nested), nested), (Blob(Base), Base),
            .. images.SelectMany(image => new[] { (Blob(image.Config), image.Config), (Blob(ManifestFor(image.Config)), ManifestFor(image.Config)) }),
        ]);
    }

    private Task<IReadOnlyList<LoadedImage>> LoadAsync(byte[] archive, string? platform) =>
        Stores.ImageArchives.LoadAsync(new MemoryStream(archive), [.. (platform ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Platform.Parse)], static _ => { }, CancellationToken.None);
}
