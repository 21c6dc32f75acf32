using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Tests.Fakes;

namespace Podsharp.Registry.Tests.Distribution;

public sealed class BlobSendingTests : RegistryTest
{
    private readonly List<byte[]> _received = [];
    private byte[] _content = [];
    private int _opened;

    [SetUp]
    public void Prepare()
    {
        _received.Clear();
        _opened = 0;
        _content = Bytes(700_000);
        Registry.On("POST /v2/a/blobs/uploads/", 202, "", null, ("Location", "/upload/1?state=x%2Fy"));
        Registry.On("PUT /upload/1", context => ReceiveAsync(context, 201));
    }

    [Test]
    public async Task A_blob_is_sent_in_one_piece_with_its_length_and_digest()
    {
        var sent = new List<long>();
        Assert.That(await PushAsync(sent: new Noting(sent)), Is.EqualTo(new BlobPushOutcome(BlobPushResult.Sent)));
        Assert.That(_received.Single(), Is.EqualTo(_content));
        Assert.That(Registry.CallsOf("PUT /upload/1").Single().Query, Is.EqualTo($"?state=x%2Fy&digest=sha256%3A{BlobOf(_content).Digest.Hex}"));
        Assert.That(sent, Is.Ordered);
        Assert.That((sent[0], sent[^1]), Is.EqualTo((0, 700_000)));
    }

    [Test]
    public async Task A_blob_that_is_there_is_not_even_opened()
    {
        Registry.On($"HEAD /v2/a/blobs/{BlobOf(_content).Digest}", 200, "", null, ("Content-Length", "700000"));
        Assert.That((await PushAsync()).Result, Is.EqualTo(BlobPushResult.AlreadyThere));
        Assert.That(_opened, Is.Zero);
    }

    [Test]
    public async Task A_blob_of_another_repository_is_mounted()
    {
        Registry.On($"POST /v2/a/blobs/uploads/?mount=sha256%3A{BlobOf(_content).Digest.Hex}&from=other%2Fb", 201);
        Assert.That(await PushAsync(["a", "other/none", "other/b"]), Is.EqualTo(new BlobPushOutcome(BlobPushResult.Mounted, "other/b")));
        Assert.That(_opened, Is.Zero);
        // The upload that was begun for other/none is given back.
        Assert.That(Registry.CallsOf("DELETE /upload/1"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_failed_attempt_is_made_again_from_the_start()
    {
        var calls = 0;
        Registry.On("PUT /upload/1", async context =>
        {
            if (calls++ > 0)
            {
                await ReceiveAsync(context, 201);
                return;
            }

            await context.Request.Body.ReadExactlyAsync(new byte[1000]);
            context.Abort();
        });
        await PushAsync();
        Assert.That(_received.Single(), Is.EqualTo(_content));
        Assert.That(_opened, Is.EqualTo(2));
        Assert.That(Registry.CallsOf("POST /v2/a/blobs/uploads/"), Has.Count.EqualTo(2));
        Assert.That(Registry.CallsOf("DELETE /upload/1"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_registry_that_stays_out_of_order_is_told()
    {
        Registry.On("PUT /upload/1", context => ReceiveAsync(context, 503));
        await Assert.ThatAsync(() => PushAsync(), Fails(ErrorKind.Unavailable, "writing blob"));
        Assert.That(_opened, Is.EqualTo(4));
    }

    [Test]
    public async Task A_denied_upload_is_told_in_the_registrys_words()
    {
        Registry.On("POST /v2/a/blobs/uploads/", 403, """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}""");
        await Assert.ThatAsync(() => PushAsync(), Fails(ErrorKind.Forbidden, "writing blob", "denied: requested access to the resource is denied"));
        Assert.That(_opened, Is.Zero);
    }

    [TestCase(-1)]
    [TestCase(1)]
    public async Task Content_of_another_length_than_said_is_never_passed_off(int difference)
    {
        var blob = BlobOf(_content);
        await Assert.ThatAsync(
            () => Open(access: RepositoryAccess.PullAndPush).PushBlobAsync(new BlobPush { Blob = blob with { Size = blob.Size + difference }, Open = OpenAsync }, default),
            Fails(ErrorKind.Internal, "in place of"));
        Assert.That(_received, Is.Empty);
    }

    [Test]
    public async Task Credentials_do_not_follow_an_upload_to_another_host()
    {
        await using var elsewhere = await FakeRegistry.StartAsync();
        Registry.On("POST /v2/a/blobs/uploads/", context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization.Count > 0 ? 202 : 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=x";
            context.Response.Headers.Location = $"{elsewhere.Address}upload";
            return Task.CompletedTask;
        });
        elsewhere.On("PUT /upload", context => ReceiveAsync(context, 201));
        await PushAsync(credentials: new RegistryCredentials { Username = "anna", Password = "hunter2" });
        Assert.That(_received.Single(), Is.EqualTo(_content));
        Assert.That(elsewhere.CallsOf("PUT /upload").Single().Authorization, Is.Empty);
    }

    [Test]
    public async Task Cancelling_takes_the_upload_back()
    {
        using var source = new CancellationTokenSource();
        Registry.On("PUT /upload/1", async context =>
        {
            await context.Request.Body.ReadExactlyAsync(new byte[1000]);
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await Assert.ThatAsync(() => PushAsync(cancellationToken: source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Registry.CallsOf("DELETE /upload/1"), Has.Count.EqualTo(1));
    }

    private Task<BlobPushOutcome> PushAsync(
        IReadOnlyList<string>? from = null, IProgress<long>? sent = null, RegistryCredentials? credentials = null, CancellationToken cancellationToken = default) =>
        Open(credentials: credentials, access: RepositoryAccess.PullAndPush).PushBlobAsync(
            new BlobPush { Blob = BlobOf(_content), Open = OpenAsync, MountFrom = from ?? [], Sent = sent }, cancellationToken);

    private ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        _opened++;
        return ValueTask.FromResult<Stream>(new MemoryStream(_content));
    }

    private async Task ReceiveAsync(Microsoft.AspNetCore.Http.HttpContext context, int status)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Add(body.ToArray());
        context.Response.StatusCode = status;
    }

    private sealed class Noting(List<long> values) : IProgress<long>
    {
        public void Report(long value) => values.Add(value);
    }
}
