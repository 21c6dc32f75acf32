using System.Net;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Tests.Http;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineReadinessTests
{
    private readonly TaskCompletionSource<IServiceProvider> _engine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync(engine: _engine.Task);
        _client = _server.Client();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [TestCase("/_ping")]
    [TestCase("/libpod/_ping")]
    [TestCase("/version")]
    public async Task An_engine_that_cannot_open_is_told_and_never_a_ping_answered(string path)
    {
        var asking = _client.GetAsync(path);
        _engine.SetException(EngineException.NotSupported("the disk is upside down"));

        using var reply = await asking;

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain("the service cannot start: the disk is upside down"));
    }
}
