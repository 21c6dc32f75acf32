using System.Text;

namespace Podsharp.Conformance.Tests;

/// <summary>One engine for the assembly: ours, or the one PODSHARP_TEST_SOCKET names.</summary>
[SetUpFixture]
public sealed class SdkEngine
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
        if (_engine is not null) await _engine.DisposeAsync();
    }
}

/// <summary>A test that talks to the engine through the SDK.</summary>
[Category("Root")]
public abstract class SdkTest
{
    private readonly List<string> _containers = [];

    protected const string Image = BusyboxImage.Name;

    protected DockerClient Client { get; private set; } = null!;

    [OneTimeSetUp]
    public void Connect() => Client = Sdk.Connect(SdkEngine.Engine.Socket);

    [OneTimeTearDown]
    public void Disconnect() => Client.Dispose();

    [TearDown]
    public async Task RemoveContainersAsync()
    {
        foreach (var container in _containers)
        {
            try
            {
                await Client.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
            }
            catch (DockerContainerNotFoundException)
            {
                // The test removed it.
            }
        }

        _containers.Clear();
    }

    /// <returns>Id of a created container.</returns>
    protected async Task<string> CreateAsync(string script, Action<CreateContainerParameters>? change = null)
    {
        var parameters = new CreateContainerParameters
        {
            Image = Image,
            Cmd = ["sh", "-c", script],
            AttachStdout = true,
            AttachStderr = true,
            HostConfig = new HostConfig { NetworkMode = "none" },
        };
        change?.Invoke(parameters);
        var created = await Client.Containers.CreateContainerAsync(parameters);
        _containers.Add(created.ID);
        return created.ID;
    }

    protected async Task<string> StartAsync(string script, Action<CreateContainerParameters>? change = null)
    {
        var container = await CreateAsync(script, change);
        Assert.That(await Client.Containers.StartContainerAsync(container, new ContainerStartParameters()), Is.True);
        return container;
    }

    protected static async Task<(string Output, string Error)> ReadAsync(MultiplexedStream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await stream.ReadOutputToEndAsync(limit.Token);
    }

    protected static IDictionary<string, IDictionary<string, bool>> Filters(params (string Name, string Value)[] filters) => filters
        .GroupBy(filter => filter.Name)
        .ToDictionary(group => group.Key, IDictionary<string, bool> (group) => group.ToDictionary(filter => filter.Value, _ => true));

    protected static Task WriteAsync(MultiplexedStream stream, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return stream.WriteAsync(bytes, 0, bytes.Length, CancellationToken.None);
    }
}
