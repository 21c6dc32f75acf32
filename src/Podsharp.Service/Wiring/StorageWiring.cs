using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Storage;
using Podsharp.Storage;

namespace Podsharp.Service.Wiring;

internal static class StorageWiring
{
    public static void Add(IServiceCollection services, Stores stores) => services
        .AddSingleton<IStoreIdentity>(stores)
        .AddSingleton(stores.Containers)
        .AddSingleton(stores.Images)
        .AddSingleton(stores.ImageArchives)
        .AddSingleton(stores.ImageIngest)
        .AddSingleton(stores.LayerBlobs)
        .AddSingleton(stores.ImageExports)
        .AddSingleton(stores.ContainerArchives)
        .AddSingleton(stores.DiskUsage)
        .AddSingleton(stores.Networks)
        .AddSingleton(stores.Volumes)
        .AddSingleton(stores.VolumeMounts)
        .AddSingleton(stores.MountPlaces)
        .AddSingleton(stores.FileLabels)
        .AddSingleton(stores.Events)
        .AddSingleton(stores.RootFileSystems)
        .AddSingleton(stores.RootedFiles)
        .AddSingleton(stores.ContainerViews)
        .AddSingleton(stores.PathArchives);
}
