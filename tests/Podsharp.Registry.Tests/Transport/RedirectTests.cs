using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Tests.Fakes;

namespace Podsharp.Registry.Tests.Transport;

public sealed class RedirectTests : RegistryTest
{
    private static readonly RegistryCredentials Anna = new() { Username = "anna", Password = "hunter2" };
    private FakeRegistry _elsewhere = null!;

    [SetUp]
    public async Task PrepareAsync() => _elsewhere = await FakeRegistry.StartAsync();

    [TearDown]
    public async Task CleanUpAsync() => await _elsewhere.DisposeAsync();

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task Blobs_may_come_from_another_host_which_gets_no_credentials(int status)
    {
        var content = Bytes(1000);
        RedirectBlob(content, $"{_elsewhere.Address}data?signature=s", status);
        _elsewhere.On("GET /data", context => context.Response.Body.WriteAsync(content).AsTask());
        Assert.That(await ReadAllAsync(await Open(credentials: Anna).OpenBlobAsync(BlobOf(content), 0, default)), Is.EqualTo(content));
        Assert.That(_elsewhere.CallsOf("GET /data").Single().Authorization, Is.Empty);
    }

    [Test]
    public async Task The_same_host_keeps_getting_credentials_and_the_range()
    {
        var content = Bytes(1000);
        RedirectBlob(content, "/data", 307);
        Registry.On("GET /data", context =>
        {
            context.Response.StatusCode = 206;
            return context.Response.Body.WriteAsync(content.AsMemory(10)).AsTask();
        });
        await ReadAllAsync(await Open(credentials: Anna).OpenBlobAsync(BlobOf(content), 10, default));
        var call = Registry.CallsOf("GET /data").Single();
        Assert.That(call.Authorization, Does.StartWith("Basic"));
        Assert.That(call.Range, Is.EqualTo("bytes=10-"));
    }

    [Test]
    public async Task Another_host_that_asks_for_credentials_gets_none()
    {
        var content = Bytes(1000);
        RedirectBlob(content, $"{_elsewhere.Address}data", 307);
        _elsewhere.On("GET /data", 401, "", null, ("WWW-Authenticate", $"Bearer realm=\"{_elsewhere.Address}token\""));
        await Assert.ThatAsync(() => Open(credentials: Anna).OpenBlobAsync(BlobOf(content), 0, default), Fails(ErrorKind.Unauthorized));
        Assert.That(_elsewhere.Calls.Select(call => call.Authorization), Is.All.Empty);
        Assert.That(_elsewhere.CallsOf("GET /token"), Is.Empty);
    }

    [Test]
    public async Task Going_round_in_circles_ends()
    {
        var content = Bytes(10);
        RedirectBlob(content, $"/v2/a/blobs/{BlobOf(content).Digest}", 307);
        await Assert.ThatAsync(() => Open(credentials: Anna).OpenBlobAsync(BlobOf(content), 0, default), Fails(ErrorKind.InvalidData, "more than 10 redirects"));
    }

    [Test]
    public async Task A_redirect_to_a_file_is_refused()
    {
        var content = Bytes(10);
        RedirectBlob(content, "file:///etc/passwd", 307);
        await Assert.ThatAsync(() => Open(credentials: Anna).OpenBlobAsync(BlobOf(content), 0, default), Fails(ErrorKind.InvalidData, "scheme file"));
    }

    // With the challenge first, so that credentials are in play.
    private void RedirectBlob(byte[] content, string target, int status) => Registry.On($"GET /v2/a/blobs/{BlobOf(content).Digest}", context =>
    {
        var known = context.Request.Headers.Authorization.Count > 0;
        context.Response.StatusCode = known ? status : 401;
        if (known) context.Response.Headers.Location = target;
        else context.Response.Headers.WWWAuthenticate = "Basic realm=x";
        return Task.CompletedTask;
    });
}
