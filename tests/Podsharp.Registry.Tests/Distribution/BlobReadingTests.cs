using System.Globalization;
using Podsharp.Core.Errors;
using Podsharp.Registry.Tests.Fakes;

namespace Podsharp.Registry.Tests.Distribution;

public sealed class BlobReadingTests : RegistryTest
{
    [Test]
    public async Task A_blob_is_read_from_any_offset()
    {
        var content = Bytes(300_000);
        Serve(content, breaks: 0);
        Assert.That(await ReadAllAsync(await Open().OpenBlobAsync(BlobOf(content), 0, default)), Is.EqualTo(content));
        Assert.That(await ReadAllAsync(await Open().OpenBlobAsync(BlobOf(content), 299_999, default)), Is.EqualTo(content[299_999..]));
        Assert.That(await ReadAllAsync(await Open().OpenBlobAsync(BlobOf(content), 300_000, default)), Is.Empty);
    }

    [Test]
    public async Task A_broken_transfer_goes_on_where_it_broke()
    {
        var content = Bytes(300_000);
        Serve(content, breaks: 3);
        Assert.That(await ReadAllAsync(await Open().OpenBlobAsync(BlobOf(content), 0, default)), Is.EqualTo(content));
        var ranges = Calls(content).Select(call => call.Range).ToList();
        Assert.That(ranges, Is.EqualTo(["", "bytes=50000-", "bytes=100000-", "bytes=150000-"]));
    }

    [Test]
    public async Task A_registry_without_ranges_is_read_over_again()
    {
        var content = Bytes(300_000);
        Serve(content, breaks: 2, ranges: false);
        Assert.That(await ReadAllAsync(await Open().OpenBlobAsync(BlobOf(content), 10, default)), Is.EqualTo(content[10..]));
    }

    [Test]
    public async Task A_transfer_that_only_ever_breaks_is_given_up()
    {
        var content = Bytes(300_000);
        Serve(content, breaks: 100, piece: 10);
        var stream = await Open().OpenBlobAsync(BlobOf(content), 0, default);
        await Assert.ThatAsync(() => ReadAllAsync(stream), Fails(ErrorKind.Unavailable, "broke 4 times", "connection lost"));
    }

    [TestCase(299_999)]
    [TestCase(300_001)]
    public async Task Another_length_than_the_manifests_is_refused_at_once(int size)
    {
        var content = Bytes(300_000);
        Serve(content, breaks: 0);
        await Assert.ThatAsync(() => Open().OpenBlobAsync(BlobOf(content) with { Size = size }, 0, default), Fails(ErrorKind.InvalidData, $"has 300000 bytes by the registry, {size} by the manifest"));
    }

    [Test]
    public async Task More_bytes_than_the_manifest_says_are_refused_where_no_length_is_told()
    {
        var content = Bytes(300_000);
        Registry.On(Path(content), context => context.Response.Body.WriteAsync(content).AsTask());
        var stream = await Open().OpenBlobAsync(BlobOf(content) with { Size = 299_999 }, 0, default);
        await Assert.ThatAsync(() => ReadAllAsync(stream), Fails(ErrorKind.InvalidData, "is longer than the 299999 bytes"));
    }

    [Test]
    public async Task Fewer_bytes_than_the_manifest_says_are_refused_where_no_length_is_told()
    {
        var content = Bytes(300_000);
        Registry.On(Path(content), context =>
        {
            if (context.Request.Headers.Range.Count == 0) return context.Response.Body.WriteAsync(content).AsTask();
            context.Response.StatusCode = 416;
            return Task.CompletedTask;
        });
        var stream = await Open().OpenBlobAsync(BlobOf(content) with { Size = 300_001 }, 0, default);
        await Assert.ThatAsync(() => ReadAllAsync(stream), Fails(ErrorKind.InvalidData, "ends at 300000 bytes, not at 300001"));
    }

    [Test]
    public async Task Bytes_from_another_place_than_asked_for_are_refused()
    {
        var content = Bytes(1000);
        Registry.On(Path(content), async context =>
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = "bytes 400-999/1000";
            await context.Response.Body.WriteAsync(content.AsMemory(400));
        });
        await Assert.ThatAsync(() => Open().OpenBlobAsync(BlobOf(content), 500, default), Fails(ErrorKind.InvalidData, "asked for the bytes from 500 on"));
    }

    [Test]
    public async Task A_missing_blob_is_told_when_it_is_opened()
    {
        var content = Bytes(10);
        await Assert.ThatAsync(() => Open().OpenBlobAsync(BlobOf(content), 0, default), Fails(ErrorKind.NotFound));
        Assert.That(await Open().FindBlobAsync(BlobOf(content).Digest, default), Is.Null);
    }

    [Test]
    public async Task Looking_for_a_large_blob_tells_its_size()
    {
        var blob = BlobOf(Bytes(10));
        Registry.On($"HEAD /v2/a/blobs/{blob.Digest}", 200, "", null, ("Content-Length", "5000000000"));
        Assert.That(await Open().FindBlobAsync(blob.Digest, default), Is.EqualTo(5_000_000_000));
    }

    [Test]
    public async Task Cancelling_ends_a_read_that_waits()
    {
        var content = Bytes(300_000);
        Registry.On(Path(content), async context =>
        {
            context.Response.ContentLength = content.Length;
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var source = new CancellationTokenSource();
        await using var stream = await Open().OpenBlobAsync(BlobOf(content), 0, default);
        var reading = stream.ReadAsync(new byte[10], source.Token);
        await source.CancelAsync();
        await Assert.ThatAsync(() => reading.AsTask(), Throws.InstanceOf<OperationCanceledException>());
    }

    private static string Path(byte[] content) => $"GET /v2/a/blobs/{BlobOf(content).Digest}";

    private IEnumerable<FakeCall> Calls(byte[] content) => Registry.CallsOf(Path(content));

    // The first so many transfers break after a piece.
    private void Serve(byte[] content, int breaks, int piece = 50_000, bool ranges = true) => Registry.On(Path(content), async context =>
    {
        var range = context.Request.Headers.Range.ToString();
        var start = ranges && range.Length > 0 ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
        if (ranges && range.Length > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {start}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - start;
        var broken = breaks-- > 0;
        await context.Response.Body.WriteAsync(content.AsMemory(start, broken ? piece : content.Length - start));
        await context.Response.Body.FlushAsync();
        // Let what was written arrive before the connection is reset.
        if (broken) await Task.Delay(100);
        if (broken) context.Abort();
    });
}
