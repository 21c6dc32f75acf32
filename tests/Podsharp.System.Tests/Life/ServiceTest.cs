namespace Podsharp.System.Tests.Life;

/// <summary>A test that does to its service what the shared one could not stand.</summary>
public abstract class ServiceTest
{
    private readonly List<PodsharpService> _services = [];

    protected const string Image = BusyboxImage.Name;

    [SetUp]
    public void SkipForPeers()
    {
        if (PeerEngine.ConfiguredSocket is not null) Assert.Ignore("promised by Podsharp only");
    }

    [TearDown]
    public async Task StopServicesAsync()
    {
        foreach (var service in _services)
        {
            if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed) TestContext.Out.WriteLine(service.Log);
            await service.DisposeAsync();
        }

        _services.Clear();
    }

    protected async Task<PodsharpService> StartAsync(ServiceSetup? setup = null) => Stopped(await PodsharpService.StartAsync(setup));

    protected async Task<PodsharpService> StartWithImageAsync(ServiceSetup? setup = null) => Stopped(await PodsharpService.StartWithImageAsync(setup));

    protected async Task<PodsharpService> PrepareAsync(ServiceSetup setup) => Stopped(await PodsharpService.PrepareAsync(setup));

    protected static async Task AssertNothingIsLeftAsync(PodsharpService service)
    {
        var containers = await service.ContainersEverAsync();
        var leftovers = await Eventually.SettleAsync(() => service.LeftoversAsync(containers), found => found.Count == 0);
        Assert.That(leftovers, Is.Empty);
    }

    private PodsharpService Stopped(PodsharpService service)
    {
        _services.Add(service);
        return service;
    }
}
