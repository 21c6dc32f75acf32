using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Labels;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Networks;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Networks;

/// <summary>The room with what connecting needs: files of containers lie in a directory that <see cref="Dispose"/> removes.</summary>
internal sealed class ConnectedRoom : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("podsharp-connect").FullName;

    public ConnectedRoom()
    {
        var locks = new ContainerLocks();
        var lookup = new ContainerLookup(Room.Containers);
        Links = new ContainerLinks(lookup, Room.Containers);
        Texts = new ContainerNetworkFiles(new FakeHost(), Room.HostNetworks, Links, Room.Options);
        Files = new LaunchFiles(new StorePaths(_directory, _directory), Texts, new FileLabeling(new FakeFileLabels(), new FakeVolumeStore(), new FakeHost()), Room.Options);
        var states = new ContainerStates(Room.Containers, new ContainerWaiters(), locks);
        LiveFiles = new LiveNetworkFiles(Files, Texts, Links);
        Live = new LiveEndpoints(Room.Planner, Room.Networking, LiveFiles, Room.Catalog, states);
        Connect = new ConnectNetwork(lookup, locks, Room.Catalog, Room.Containers, Live, Links);
        Disconnect = new DisconnectNetwork(lookup, locks, Room.Catalog, Room.Containers, Live);
    }

    public NetworkRoom Room { get; } = new();

    public ContainerLinks Links { get; }

    public LiveNetworkFiles LiveFiles { get; }

    public ContainerNetworkFiles Texts { get; }

    public LaunchFiles Files { get; }

    public LiveEndpoints Live { get; }

    public ConnectNetwork Connect { get; }

    public DisconnectNetwork Disconnect { get; }

    /// <summary>A container that runs, as its start would leave it.</summary>
    public async Task<Container> StartAsync(string name, NetworkSpec? spec = null)
    {
        var container = Room.Container(name, spec);
        var plan = await Room.PlanAsync(container);
        container = Room.Running(container, plan, await Room.Namespaces.CreateAsync(container.Id, new Dictionary<string, string>(), CancellationToken.None));
        await Room.Networking.SetUpAsync(container, plan, container.State.NetworkNamespace, CancellationToken.None);
        Directory.CreateDirectory(Path.GetDirectoryName(Files.Hosts(container.Id))!);
        await File.WriteAllTextAsync(Files.Hosts(container.Id), Texts.Hosts(container, plan));
        await File.WriteAllTextAsync(Files.ResolvConf(container.Id), Texts.ResolvConf(container, plan));
        Room.Driver.Calls.Clear();
        return container;
    }

    public Task ConnectAsync(string network, string container, EndpointSpec? endpoint = null) =>
        Connect.RunAsync(new ConnectNetworkRequest(network, container, endpoint ?? new EndpointSpec()), CancellationToken.None);

    public Task DisconnectAsync(string network, string container, bool force = false) =>
        Disconnect.RunAsync(new DisconnectNetworkRequest(network, container, force), CancellationToken.None);

    public Container Now(Container container) => Room.Containers.Find(container.Id)!;

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
