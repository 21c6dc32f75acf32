namespace Podsharp.System.Tests.Compose;

/// <summary>The engine of all stacks: they make networks and volumes in numbers, which tests of lists elsewhere would see.</summary>
[SetUpFixture]
public sealed class ComposeEngine
{
    private static EngineUnderTest? _engine;

    public static EngineUnderTest Engine => _engine ?? throw new InvalidOperationException("the engine isn't started");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _engine = PeerEngine.ConfiguredSocket is { } socket ? new PeerEngine(socket) : await PodsharpService.StartAsync();
        await _engine.LoadImageAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_engine is null) return;
        await using var engine = _engine;
        if (engine is not PodsharpService service) return;
        var containers = await service.ContainersEverAsync();
        var leftovers = await Eventually.SettleAsync(() => service.LeftoversAsync(containers), found => found.Count == 0);
        Assert.That(leftovers, Is.Empty, "left behind by the stacks");
        Assert.That(await service.Docker.LinesAsync("network", "ls", "-q", "--filter", "type=custom"), Is.Empty);
        Assert.That((await service.LinksAsync()).Where(link => link.StartsWith("ps-", StringComparison.Ordinal)), Is.Empty, "bridges of removed networks");
    }
}
