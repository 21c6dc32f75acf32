// Most time goes into waiting for containers, so two fixtures at a time pay even on two cores.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]
[assembly: Category("Root")]

namespace Podsharp.System.Tests;

/// <summary>The engine that all tests share which do not harm it.</summary>
[SetUpFixture]
public sealed class SharedEngine
{
    private static EngineUnderTest? _engine;

    public static EngineUnderTest Engine => _engine ?? throw new InvalidOperationException("the engine isn't started");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!DockerCommandLine.IsInstalled) Assert.Ignore("these tests drive the engine by the docker command line, and there is no program \"docker\" in PATH");
        _engine = PeerEngine.ConfiguredSocket is { } socket ? new PeerEngine(socket) : await PodsharpService.StartAsync();
        await _engine.LoadImageAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_engine is PodsharpService service) await CheckNothingIsLeftAsync(service);
        if (_engine is not null) await _engine.DisposeAsync();
    }

    private static async Task CheckNothingIsLeftAsync(PodsharpService service)
    {
        var containers = await service.ContainersEverAsync();
        if (await service.Docker.LinesAsync("ps", "-aq") is { Length: > 0 } left) await service.Docker.OutputAsync(["rm", "-f", .. left]);
        var leftovers = await Eventually.SettleAsync(() => service.LeftoversAsync(containers), found => found.Count == 0);
        Assert.That(leftovers, Is.Empty, "left behind by the whole run");
    }
}
