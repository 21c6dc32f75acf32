using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Storage.Tar;
using Podsharp.Testing;

namespace Podsharp.Storage.Tests.Images;

[Category("Root")]
public sealed class ImageIngestTests : StoreFixture
{
    private static readonly byte[] Tar = MakeTar("bin/sh", "shell");
    private static readonly byte[] Blob = Compress(Tar);
    private readonly FakeClock _clock = new(DateTimeOffset.UtcNow);

    private protected override TimeProvider Time => _clock;

    [Test]
    public async Task A_staged_layer_is_extracted_and_its_blob_kept_with_the_image()
    {
        var image = await CommitAsync("r.example/app:1");

        Assert.That(File.ReadAllText(Path.Join(Paths.Layer(DigestOf(Tar)), "diff", "bin", "sh")), Is.EqualTo("shell"));
        Assert.That(await File.ReadAllBytesAsync(Paths.Blob(DigestOf(Blob))), Is.EqualTo(Blob));
        Assert.That(image.LayerBlobs, Is.EqualTo(new[] { DigestOf(Blob) }));
        Assert.That(image.Size, Is.EqualTo(5));
        AssertNothingStaged();
    }

    [Test]
    public async Task A_blob_with_other_bytes_is_refused_and_leaves_nothing()
    {
        var other = Compress(MakeTar("bin/sh", "other"));

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => Stores.ImageIngest.StageLayerAsync(new MemoryStream(other), DigestOf(Blob), DigestOf(Tar), CancellationToken.None));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        AssertNothingStaged();
    }

    [Test]
    public async Task A_blob_whose_content_the_configuration_does_not_name_is_refused()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => Stores.ImageIngest.StageLayerAsync(new MemoryStream(Blob), DigestOf(Blob), DigestOf(Blob), CancellationToken.None));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        Assert.That(failure.Message, Does.Contain("configuration"));
        AssertNothingStaged();
    }

    [Test]
    public async Task A_blob_that_ends_early_is_refused()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => Stores.ImageIngest.StageLayerAsync(new MemoryStream(Blob[..^12]), DigestOf(Blob), DigestOf(Tar), CancellationToken.None));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        AssertNothingStaged();
    }

    [Test]
    public async Task Bytes_behind_the_compressed_frame_count_for_the_digest()
    {
        byte[] longer = [.. Blob, 1, 2, 3];

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => Stores.ImageIngest.StageLayerAsync(new MemoryStream(longer), DigestOf(Blob), DigestOf(Tar), CancellationToken.None));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
    }

    [Test]
    public async Task A_layer_that_is_left_is_removed()
    {
        using (await StageAsync())
        {
            Assert.That(Directory.GetFileSystemEntries(Paths.Staging), Is.Not.Empty);
        }

        AssertNothingStaged();
    }

    [Test]
    public async Task A_kept_layer_is_there_without_an_image_while_it_is_held()
    {
        using var hold = Stores.ImageIngest.Hold([DigestOf(Tar)]);
        using (var layer = await StageAsync()) await Stores.ImageIngest.KeepAsync([layer], CancellationToken.None);

        var other = await AddImageAsync("r.example/other:1");
        await Stores.Images.RemoveAsync(other.Id, CancellationToken.None);

        Assert.That(Stores.Images.FindLayer(DigestOf(Tar)), Is.Not.Null);
    }

    [Test]
    public async Task A_layer_kept_of_a_broken_pull_outlives_the_removal_of_another_image_but_not_an_hour()
    {
        using (var layer = await StageAsync()) await Stores.ImageIngest.KeepAsync([layer], CancellationToken.None);
        var first = await AddImageAsync("r.example/other:1");
        var second = await AddImageAsync("r.example/other:2");

        await Stores.Images.RemoveAsync(first.Id, CancellationToken.None);
        Assert.That(Stores.Images.FindLayer(DigestOf(Tar)), Is.Not.Null);

        _clock.Advance(TimeSpan.FromMinutes(61));
        await Stores.Images.RemoveAsync(second.Id, CancellationToken.None);
        Assert.That(Stores.Images.FindLayer(DigestOf(Tar)), Is.Null);
    }

    [Test]
    public async Task A_layer_kept_of_a_broken_pull_outlives_the_service_but_not_the_hour()
    {
        using (var layer = await StageAsync()) await Stores.ImageIngest.KeepAsync([layer], CancellationToken.None);

        _clock.Advance(TimeSpan.FromMinutes(59));
        await ReopenAsync();
        await Stores.Settled;
        Assert.That(Stores.Images.FindLayer(DigestOf(Tar)), Is.Not.Null);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await ReopenAsync();
        await Stores.DisposeAsync();
        Assert.That(Directory.GetFileSystemEntries(Paths.Layers), Is.Empty);
    }

    [Test]
    public async Task A_clock_that_was_set_back_spares_a_kept_layer_for_one_more_hour_only()
    {
        using (var layer = await StageAsync()) await Stores.ImageIngest.KeepAsync([layer], CancellationToken.None);

        _clock.Advance(TimeSpan.FromDays(-400));
        await ReopenAsync();
        await Stores.Settled;
        Assert.That(Stores.Images.FindLayer(DigestOf(Tar)), Is.Not.Null);

        _clock.Advance(TimeSpan.FromMinutes(61));
        await ReopenAsync();
        await Stores.Settled;
        Assert.That(Stores.Images.FindLayer(DigestOf(Tar)), Is.Null);
    }

    [Test]
    public async Task A_layer_that_an_image_took_over_is_not_spared_after_the_next_start_either()
    {
        using (var layer = await StageAsync()) await Stores.ImageIngest.KeepAsync([layer], CancellationToken.None);
        var image = await CommitAsync("r.example/app:1");

        await ReopenAsync();
        await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);

        Assert.That(Stores.Images.FindLayer(DigestOf(Tar)), Is.Null);
    }

    [Test]
    public async Task A_layer_kept_of_a_broken_pull_goes_with_the_image_that_used_it()
    {
        using (var layer = await StageAsync()) await Stores.ImageIngest.KeepAsync([layer], CancellationToken.None);
        var image = await CommitAsync("r.example/app:1");

        await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);

        Assert.That(Stores.Images.FindLayer(DigestOf(Tar)), Is.Null);
    }

    [Test]
    public async Task Removing_the_image_frees_layer_and_blob()
    {
        var image = await CommitAsync("r.example/app:1");

        await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);

        Assert.That(Directory.GetFileSystemEntries(Paths.Blobs), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(Paths.Layers), Is.Empty);
    }

    [Test]
    public async Task A_held_blob_outlives_its_image()
    {
        var image = await CommitAsync("r.example/app:1");
        using var held = Stores.LayerBlobs.Find(DigestOf(Blob))!;

        await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);

        using var content = held.Open();
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy);
        Assert.That(copy.ToArray(), Is.EqualTo(Blob));
    }

    [Test]
    public async Task A_layer_compressed_anew_holds_its_exact_tar()
    {
        await CommitAsync("r.example/app:1");

        using var held = await Stores.LayerBlobs.CompressAsync(DigestOf(Tar), CancellationToken.None);

        using var plain = new GZipStream(held.Open(), CompressionMode.Decompress);
        using var copy = new MemoryStream();
        await plain.CopyToAsync(copy);
        Assert.That(copy.ToArray(), Is.EqualTo(Tar));
        AssertNothingStaged();
    }

    [Test]
    public async Task An_adopted_manifest_replaces_the_old_one_and_frees_its_blobs()
    {
        var image = await CommitAsync("r.example/app:1");
        using var held = await Stores.LayerBlobs.CompressAsync(DigestOf(Tar), CancellationToken.None);
        var manifest = "{\"another\":1}"u8.ToArray();
        var name = ImageReference.Parse("r.example/app").WithDigest(DigestOf(manifest));

        await Stores.LayerBlobs.AdoptManifestAsync(image.Id, manifest, "application/x", [held.Descriptor.Digest], name, CancellationToken.None);

        var now = Stores.Images.Find(image.Id)!;
        Assert.That(now.ManifestDigest, Is.EqualTo(DigestOf(manifest)));
        Assert.That(now.RepositoryDigests, Does.Contain(name));
        Assert.That(Directory.GetFiles(Paths.Blobs).Select(Path.GetFileName), Is.EquivalentTo(
            new[] { image.Id.Hex, DigestOf(manifest).Hex, held.Descriptor.Digest.Hex }));
    }

    private void AssertNothingStaged() => Assert.That(Directory.GetFileSystemEntries(Paths.Staging), Is.Empty);

    private Task<IStagedLayer> StageAsync() =>
        Stores.ImageIngest.StageLayerAsync(new MemoryStream(Blob), DigestOf(Blob), DigestOf(Tar), CancellationToken.None);

    private async Task<Image> CommitAsync(string tag)
    {
        using var layer = await StageAsync();
        return await Stores.ImageIngest.CommitAsync(
            new IngestedImage
            {
                Config = Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{DigestOf(Tar)}}}"]}}"""),
                Manifest = "{\"schemaVersion\":2}"u8.ToArray(),
                ManifestMediaType = "application/vnd.oci.image.manifest.v1+json",
                Layers = [layer],
                LayerBlobs = [layer.Blob],
                Tags = [ImageReference.Parse(tag)],
            },
            CancellationToken.None);
    }

    private Task<Image> AddImageAsync(string tag) => Stores.ImageArchives.ImportAsync(
        new MemoryStream(MakeTar("x", tag)), new ImageConfig(), ImageReference.Parse(tag), CancellationToken.None);

    private static byte[] MakeTar(string name, string content)
    {
        var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        var bytes = Encoding.UTF8.GetBytes(content);
        writer.Add(new TarEntry { Name = name, Kind = TarKind.File, Mode = 0b110_100_100, Size = bytes.Length });
        writer.Write(bytes);
        writer.Finish();
        return stream.ToArray();
    }

    private static byte[] Compress(byte[] content)
    {
        var stream = new MemoryStream();
        using (var packed = new GZipStream(stream, CompressionLevel.Fastest)) packed.Write(content);
        return stream.ToArray();
    }

    private static Digest DigestOf(byte[] content) => Digest.FromHash(SHA256.HashData(content));
}
