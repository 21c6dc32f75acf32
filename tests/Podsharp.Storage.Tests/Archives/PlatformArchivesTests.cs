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

    [TestCase(null, "amd64")]
    [TestCase("linux/amd64", "amd64")]
    [TestCase("linux/arm/v6", "arm v6")]
    [TestCase("linux/arm/v7", "arm v7")]
    public async Task The_platform_that_was_asked_for_gets_the_name_else_this_machines(string? asked, string expected)
    {
        var loaded = await LoadAsync(Archive(inManifests: true), asked);

        Assert.That(PlatformOf(loaded.Single().Image), Is.EqualTo(expected));
        Assert.That(loaded[0].Tags.Single().Familiar, Is.EqualTo("multi:1"));
        Assert.That(Stores.Images.All, Has.Count.EqualTo(1));
        AssertNothingStaged();
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
        Stores.ImageArchives.LoadAsync(new MemoryStream(archive), platform is null ? null : Platform.Parse(platform), static _ => { }, CancellationToken.None);
}
