using Microsoft.Extensions.DependencyInjection;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Hello;

namespace Podsharp.Service.Wiring;

internal static class ImageWiring
{
    public static void Add(IServiceCollection services) => services
        .AddSingleton<ImageLocks>()
        .AddSingleton<ImageLookup>()
        .AddSingleton<ImageRemover>()
        .AddSingleton<ImageUse>()
        .AddSingleton<ImportImage>()
        .AddSingleton<InspectImage>()
        .AddSingleton<ListImages>()
        .AddSingleton<LoadHelloImage>()
        .AddSingleton<LoadImages>()
        .AddSingleton<PruneImages>()
        .AddSingleton<ReadImageHistory>()
        .AddSingleton<RemoveImage>()
        .AddSingleton<ResolveImage>()
        .AddSingleton<SaveImages>()
        .AddSingleton<TagImage>();
}
