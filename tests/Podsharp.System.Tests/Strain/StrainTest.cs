using System.Diagnostics;

namespace Podsharp.System.Tests.Strain;

/// <summary>Clients that do harm, on a service of the fixture's own, and what others notice of them.</summary>
public abstract class StrainTest
{
    private readonly List<RawClient> _clients = [];

    protected const string Image = BusyboxImage.Name;
    protected const long Megabyte = 1 << 20;

    protected PodsharpService Service { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartServiceAsync()
    {
        if (PeerEngine.ConfiguredSocket is not null) Assert.Ignore("promised by Podsharp only");
        Service = await PodsharpService.StartWithImageAsync();
    }

    [TearDown]
    public async Task CloseClientsAsync()
    {
        _clients.ForEach(client => client.Dispose());
        _clients.Clear();
        if (await Service.Docker.LinesAsync("ps", "-aq") is { Length: > 0 } containers) await Service.Docker.OutputAsync(["rm", "-f", .. containers]);
    }

    [OneTimeTearDown]
    public async Task StopServiceAsync()
    {
        if (Service is null) return;
        if (TestContext.CurrentContext.Result.FailCount > 0) TestContext.Out.WriteLine(Service.Log);
        await Service.DisposeAsync();
    }

    /// <summary>A client that stays until the test ends or it is disposed.</summary>
    protected async Task<RawClient> AskAsync(string line, bool upgrade = false) => Kept(await RawClient.AskAsync(Service, line, upgrade));

    protected async Task<RawClient> SendAsync(string request) => Kept(await RawClient.SendAsync(Service, request));

    /// <summary>A client that has read the head of the reply and nothing after it.</summary>
    protected async Task<RawClient> StopReadingAsync(string line, bool upgrade = false)
    {
        var client = await AskAsync(line, upgrade);
        Assert.That(await client.ReadHeadAsync(), Is.EqualTo(upgrade ? 101 : 200));
        return client;
    }

    protected async Task<string> RunDetachedAsync(string name, string script)
    {
        await Service.Docker.OutputAsync("run", "-d", "--name", name, "--network", "none", Image, "sh", "-c", script);
        return name;
    }

    /// <summary>Another client is served as if nothing were the matter. The limit leaves room for a busy machine.</summary>
    protected async Task AssertServesOthersAsync()
    {
        var clock = Stopwatch.StartNew();
        await Service.Http.GetStringAsync("v1.43/containers/json?all=1");
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(15), "another client waited");
    }

    protected async Task AssertMemoryAsync(long before, long growth)
    {
        // The collector takes its time.
        var after = await Eventually.SettleAsync(() => KernelTraces.ResidentMemoryOf(Service.Pid), now => now < before + growth);
        Assert.That(after - before, Is.LessThan(growth), "memory grew");
    }

    private RawClient Kept(RawClient client)
    {
        _clients.Add(client);
        return client;
    }
}
