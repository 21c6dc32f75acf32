using Microsoft.Extensions.DependencyInjection;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Hello;
using Podsharp.Engine.Images.Pull;
using Podsharp.Engine.Images.Push;
using Podsharp.Engine.Images.Registries;

namespace Podsharp.Service.Wiring;

internal static class ImageWiring
{
    public static void Add(IServiceCollection services) => services
        .AddSingleton<DescribeManifest>()
        .AddSingleton<ImageLocks>()
        .AddSingleton<ImageLookup>()
        .AddSingleton<ImageRemover>()
        .AddSingleton<ImageUse>()
        .AddSingleton<ImportImage>()
        .AddSingleton<InspectImage>()
        .AddSingleton<InspectRemoteImage>()
        .AddSingleton<ListImages>()
        .AddSingleton<LoadHelloImage>()
        .AddSingleton<LayerTransfers>()
        .AddSingleton<LoadImages>()
        .AddSingleton<LogIn>()
        .AddSingleton<PruneImages>()
        .AddSingleton<PullImage>()
        .AddSingleton<PullLayers>()
        .AddSingleton<PushImage>()
        .AddSingleton<BlobSources>()
        .AddSingleton<PushLayers>()
        .AddSingleton<ReadImageHistory>()
        .AddSingleton<RemoveImage>()
        .AddSingleton<ResolveImage>()
        .AddSingleton<SearchImages>()
        .AddSingleton<SaveImages>()
        .AddSingleton<TagImage>();
}
