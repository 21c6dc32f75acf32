using Microsoft.Extensions.DependencyInjection;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Volumes;

namespace Podsharp.Service.Wiring;

internal static class NetworkWiring
{
    public static void Add(IServiceCollection services) => services
        .AddSingleton<AddressPool>()
        .AddSingleton<ContainerNetworkFiles>()
        .AddSingleton<ContainerNetworking>()
        .AddSingleton<NetworkCatalog>()
        .AddSingleton<NetworkRemoval>()
        .AddSingleton<CreateNetwork>()
        .AddSingleton<InspectNetwork>()
        .AddSingleton<ListNetworks>()
        .AddSingleton<PruneNetworks>()
        .AddSingleton<RemoveNetwork>()
        .AddSingleton<CreateVolume>()
        .AddSingleton<DiscardVolumes>()
        .AddSingleton<InspectVolume>()
        .AddSingleton<ListVolumes>()
        .AddSingleton<PruneVolumes>()
        .AddSingleton<RemoveVolume>()
        .AddSingleton<ResolveMounts>()
        .AddSingleton<VolumeHolds>()
        .AddSingleton<VolumeRemoval>();
}
