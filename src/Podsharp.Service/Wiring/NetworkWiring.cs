using Microsoft.Extensions.DependencyInjection;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Volumes;

namespace Podsharp.Service.Wiring;

internal static class NetworkWiring
{
    public static void Add(IServiceCollection services) => services
        .AddSingleton<AddressPool>()
        .AddSingleton<ContainerLinks>()
        .AddSingleton<ContainerNetworkFiles>()
        .AddSingleton<ContainerNetworking>()
        .AddSingleton<LiveEndpoints>()
        .AddSingleton<LiveNetworkFiles>()
        .AddSingleton<NetworkCatalog>()
        .AddSingleton<NetworkPlanner>()
        .AddSingleton<NetworkRemoval>()
        .AddSingleton<ConnectNetwork>()
        .AddSingleton<CreateNetwork>()
        .AddSingleton<DisconnectNetwork>()
        .AddSingleton<InspectNetwork>()
        .AddSingleton<ListNetworks>()
        .AddSingleton<PruneNetworks>()
        .AddSingleton<ReloadNetworks>()
        .AddSingleton<RemoveNetwork>()
        .AddSingleton<CreateVolume>()
        .AddSingleton<DiscardVolumes>()
        .AddSingleton<InspectVolume>()
        .AddSingleton<ListVolumes>()
        .AddSingleton<PruneVolumes>()
        .AddSingleton<RemoveVolume>()
        .AddSingleton<ResolveMounts>()
        .AddSingleton<VolumeHolds>()
        .AddSingleton<ContainerVolumes>()
        .AddSingleton<VolumeRemoval>();
}
