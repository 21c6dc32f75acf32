using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Networks;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Events;
using Podsharp.Engine.Networks;
using Podsharp.Engine.System;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Networks;

/// <summary>The room's verbs on fakes.</summary>
internal sealed class NetworkRoom
{
    public NetworkRoom()
    {
        var publisher = new EventPublisher(Events, Clock);
        Catalog = new NetworkCatalog(Store, Driver, HostNetworks, Addresses, Options, Clock);
        Removal = new NetworkRemoval(Store, Driver, Addresses, publisher);
        Planner = new NetworkPlanner(Containers, Catalog, Addresses, Ports);
        Networking = new ContainerNetworking(Planner, Catalog, Driver, Namespaces, publisher);
        Create = new CreateNetwork(Catalog, Store, Driver, HostNetworks, Options, publisher, Clock);
        Remove = new RemoveNetwork(Catalog, Removal, Addresses, Containers);
        Reload = new ReloadNetworks(Containers, new ContainerLocks(), Networking, new PendingDuties());
        List = new ListNetworks(Catalog, Containers);
    }

    public FakeClock Clock { get; } = new();

    public FakeContainerStore Containers { get; } = new();

    public FakeNetworkStore Store { get; } = new();

    public FakeNetworkDriver Driver { get; } = new();

    public FakeHostNetworks HostNetworks { get; } = new();

    public FakeNetworkNamespaces Namespaces { get; } = new();

    public FakeHostPorts Ports { get; } = new();

    public FakeEventLog Events { get; } = new();

    public AddressPool Addresses { get; } = new();

    public EngineOptions Options { get; } = new();

    public NetworkCatalog Catalog { get; }

    public NetworkRemoval Removal { get; }

    public NetworkPlanner Planner { get; }

    public ContainerNetworking Networking { get; }

    public CreateNetwork Create { get; }

    public RemoveNetwork Remove { get; }

    public ReloadNetworks Reload { get; }

    public ListNetworks List { get; }

    public Container Container(string name, NetworkSpec? spec = null)
    {
        var container = Samples.Container(name, Samples.Image("image", "image:1"));
        return Containers.Put(container with { Spec = container.Spec with { Network = spec ?? new NetworkSpec() } });
    }

    /// <summary>The container as its start would save it.</summary>
    public Container Running(Container container, NetworkPlan plan, string namespacePath = "/fake/netns/x") => Containers.Put(container with
    {
        State = container.State with
        {
            Phase = ContainerPhase.Running,
            Endpoints = [.. plan.Endpoints.Select(pair => pair.Endpoint)],
            Ports = plan.Ports,
            NetworkNamespace = namespacePath,
        },
    });

    public Task<Network> CreateAsync(string name, params IReadOnlyList<Subnet> subnets) =>
        Create.RunAsync(Request(name) with { Subnets = subnets }, CancellationToken.None);

    public static CreateNetworkRequest Request(string name) =>
        new(name, "", "", [], false, false, true, new Dictionary<string, string>(), new Dictionary<string, string>());

    public Task<NetworkPlan> PlanAsync(Container container) => Planner.PlanAsync(container, CancellationToken.None);
}
