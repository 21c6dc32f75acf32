using System.Text;
using DotNet.Testcontainers.Networks;
using DotNet.Testcontainers.Volumes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Podsharp.Testcontainers.Tests;

/// <summary>One engine for the assembly: ours, or the one PODSHARP_TEST_SOCKET names.</summary>
[SetUpFixture]
public sealed class TestcontainersEngine
{
    private static EngineUnderTest? _engine;

    public static EngineUnderTest Engine => _engine ?? throw new InvalidOperationException("the engine isn't started");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        // The reaper is an image of Docker Hub's, which the tests, offline, cannot have.
        TestcontainersSettings.ResourceReaperEnabled = false;
        TestcontainersSettings.WaitStrategyTimeout = TimeSpan.FromMinutes(1);
        _engine = PeerEngine.ConfiguredSocket is { } socket ? new PeerEngine(socket) : await StartServiceAsync();
        await _engine.LoadImageAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
    }

    // Testcontainers connects to published ports from here, not from the service's network.
    private static async Task<EngineUnderTest> StartServiceAsync()
    {
        var service = await PodsharpService.StartAsync();
        TestcontainersSettings.DockerHostOverride = await service.ReachableAddressAsync();
        return service;
    }
}

/// <summary>A test that drives the engine by Testcontainers; whatever it makes is gone after it.</summary>
[Category("Root")]
public abstract class TestcontainersTest
{
    private readonly List<IAsyncDisposable> _made = [];
    private string _test = "";

    protected const string Image = BusyboxImage.Name;

    /// <summary>Serves the image's /www on port 80.</summary>
    protected static readonly string[] WebServer = ["httpd", "-f", "-p", "80", "-h", "/www"];

    protected static DockerCommandLine Docker => TestcontainersEngine.Engine.Docker;

    protected static Uri Endpoint => new($"unix://{TestcontainersEngine.Engine.Socket}");

    [SetUp]
    public void Name() => _test = Guid.NewGuid().ToString("N");

    [TearDown]
    public async Task DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_made)) await one.DisposeAsync();
        _made.Clear();
        Assert.That(await RemainsAsync(), Is.Empty, "left behind by Testcontainers' own disposal");
    }

    /// <summary>A container of the test image that idles until it is stopped, unless it is given a command.</summary>
    protected ContainerBuilder Container(params string[] command) => new ContainerBuilder(Image)
        .WithDockerEndpoint(Endpoint)
        .WithImagePullPolicy(PullPolicy.Never)
        .WithLogger(NullLogger.Instance)
        .WithLabel("podsharp.test", _test)
        // Not twice: what is given later is appended.
        .WithCommand(command.Length > 0 ? command : ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"]);

    protected async Task<IContainer> StartAsync(ContainerBuilder builder)
    {
        var container = Disposed(builder.Build());
        await container.StartAsync();
        return container;
    }

    protected INetwork Network() =>
        Disposed(new NetworkBuilder().WithDockerEndpoint(Endpoint).WithLogger(NullLogger.Instance).WithLabel("podsharp.test", _test).Build());

    protected IVolume Volume() =>
        Disposed(new VolumeBuilder().WithDockerEndpoint(Endpoint).WithLogger(NullLogger.Instance).WithLabel("podsharp.test", _test).Build());

    protected T Disposed<T>(T one)
        where T : IAsyncDisposable
    {
        _made.Add(one);
        return one;
    }

    protected static Task<ExecResult> ShellAsync(IContainer container, string script) => container.ExecAsync(["sh", "-c", script]);

    protected static async Task<string> ReadAsync(IContainer container, string path) => Encoding.UTF8.GetString(await container.ReadFileAsync(path));

    /// <returns>What carries this test's label.</returns>
    protected async Task<string[]> RemainsAsync()
    {
        string[] filter = ["--filter", $"label=podsharp.test={_test}"];
        return
        [
            .. await Docker.LinesAsync(["ps", "-a", "--format", "container {{.Names}}", .. filter]),
            .. await Docker.LinesAsync(["network", "ls", "--format", "network {{.Name}}", .. filter]),
            .. await Docker.LinesAsync(["volume", "ls", "--format", "volume {{.Name}}", .. filter]),
        ];
    }
}
