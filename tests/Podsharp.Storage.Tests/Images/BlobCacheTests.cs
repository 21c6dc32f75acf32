using Microsoft.Extensions.Logging.Abstractions;
using Podsharp.Core.Storage;
using Podsharp.Linux.Mounts;
using static Podsharp.Storage.Tests.Images.IngestSamples;

namespace Podsharp.Storage.Tests.Images;

[Category("Root")]
public sealed class BlobCacheTests
{
    private const int Size = 1 << 20;
    private string _root = "";
    private string _run = "";
    private Stores _stores = null!;
    private StorePaths _paths = null!;

    [SetUp]
    public void MakeDirectories()
    {
        _root = Directory.CreateTempSubdirectory("podsharp-cache").FullName;
        _run = Directory.CreateTempSubdirectory("podsharp-run").FullName;
        _paths = new StorePaths(_root, _run);
        MountPoint.Mount("cache", _root, "tmpfs", MountFlags.None, "size=40m");
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await _stores.DisposeAsync();
        MountPoint.Unmount(_root);
        Directory.Delete(_root);
        Directory.Delete(_run, recursive: true);
    }

    [Test]
    public async Task What_was_not_used_for_longest_goes_when_the_budget_is_used_up()
    {
        await OpenAsync(5 * Size / 2);
        var first = await CommitAsync(_stores, 1, Size);
        var second = await CommitAsync(_stores, 2, Size);
        _stores.LayerBlobs.Find(first.Blob)!.Dispose();

        var third = await CommitAsync(_stores, 3, Size);

        Assert.That(Kept(first, second, third), Is.EqualTo(new[] { true, false, true }));
        Assert.That(_stores.LayerBlobs.CachedBlobBytes, Is.EqualTo(first.BlobSize + third.BlobSize));
    }

    [Test]
    public async Task What_is_held_stays_until_it_is_let_go()
    {
        await OpenAsync(3 * Size / 2);
        var first = await CommitAsync(_stores, 1, Size);
        var held = _stores.LayerBlobs.Find(first.Blob)!;

        var second = await CommitAsync(_stores, 2, Size);
        Assert.That(Kept(first, second), Is.EqualTo(new[] { true, false }));

        held.Dispose();
        Assert.That(Kept(first), Is.EqualTo(new[] { true }));
    }

    [Test]
    public async Task A_budget_of_nothing_keeps_nothing_but_what_a_push_holds()
    {
        await OpenAsync(0);
        var image = await CommitAsync(_stores, 1, Size);
        Assert.That(Kept(image), Is.EqualTo(new[] { false }));

        using (var held = await _stores.LayerBlobs.CompressAsync(image.DiffId, CancellationToken.None))
        {
            Assert.That(File.Exists(_paths.Blob(held.Descriptor.Digest)), Is.True);
        }

        Assert.That(_stores.LayerBlobs.CachedBlobBytes, Is.Zero);
        Assert.That(Directory.GetFiles(_paths.Blobs), Has.Length.EqualTo(2), "configuration and manifest");
    }

    [Test]
    public async Task The_next_service_knows_what_is_kept_and_what_was_used_last()
    {
        await OpenAsync(null);
        var first = await CommitAsync(_stores, 1, Size);
        var second = await CommitAsync(_stores, 2, Size);
        _stores.LayerBlobs.Find(first.Blob)!.Dispose();
        await _stores.DisposeAsync();

        await OpenAsync(3 * Size / 2);
        await _stores.Settled;

        Assert.That(Kept(first, second), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public async Task The_default_is_a_tenth_of_the_disk()
    {
        await OpenAsync(null);
        for (var i = 0; i < 6; i++) await CommitAsync(_stores, i, Size);

        Assert.That(_stores.LayerBlobs.CachedBlobBytes, Is.InRange(2 * Size, 4 * Size));
    }

    [Test]
    public async Task Blobs_make_room_for_a_load_that_would_not_fit_beside_them()
    {
        await OpenAsync(64 * Size);
        for (var i = 0; i < 8; i++) await CommitAsync(_stores, i, Size);
        Assert.That(_stores.LayerBlobs.CachedBlobBytes, Is.GreaterThan(8 * Size));

        await ImportAsync(_stores, 99, 26 * Size);

        Assert.That(_stores.LayerBlobs.CachedBlobBytes, Is.LessThan(8 * Size));
    }

    [Test]
    public async Task A_pull_that_fits_only_without_its_blobs_succeeds()
    {
        await OpenAsync(64 * Size);

        var image = await CommitAsync(_stores, 1, 25 * Size);

        Assert.That(Kept(image), Is.EqualTo(new[] { false }));
        Assert.That(_stores.Images.Find(image.Image.Id), Is.Not.Null);
        Assert.That(Directory.GetFileSystemEntries(_paths.Staging), Is.Empty);
    }

    [Test]
    public async Task Giving_up_spares_images_with_a_tag_unless_all_shall_go()
    {
        await OpenAsync(64 * Size);
        var tagged = await CommitAsync(_stores, 1, Size);
        var untagged = await CommitAsync(_stores, 2, Size, tagged: false);

        Assert.That(_stores.LayerBlobs.Evict(keepTagged: true), Is.EqualTo(untagged.BlobSize));
        Assert.That(Kept(tagged, untagged), Is.EqualTo(new[] { true, false }));
        Assert.That(_stores.LayerBlobs.Evict(keepTagged: false), Is.EqualTo(tagged.BlobSize));
        Assert.That(Kept(tagged), Is.EqualTo(new[] { false }));
    }

    [Test]
    public async Task The_last_image_takes_its_blobs_along_at_once()
    {
        await OpenAsync(64 * Size);
        var image = await CommitAsync(_stores, 1, Size);

        await _stores.Images.RemoveAsync(image.Image.Id, CancellationToken.None);

        Assert.That(_stores.LayerBlobs.CachedBlobBytes, Is.Zero);
        Assert.That(Directory.GetFileSystemEntries(_paths.Blobs), Is.Empty);
    }

    private bool[] Kept(params Ingested[] images) => [.. images.Select(image => File.Exists(_paths.Blob(image.Blob)))];

    private async Task OpenAsync(long? budget) => _stores = await Stores.OpenAsync(
        _paths, "boot", TimeProvider.System, NullLoggerFactory.Instance, new StoreOptions { BlobCacheBytes = budget });
}
