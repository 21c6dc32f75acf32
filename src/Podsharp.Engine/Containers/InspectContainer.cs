using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Execs;

namespace Podsharp.Engine.Containers;

public sealed class InspectContainer(
    ContainerLookup lookup, IImageStore images, IRootFileSystems roots, ExecSessions sessions, LaunchFiles files, StorePaths paths)
{
    public async Task<ContainerInspection> RunAsync(string container, bool size, CancellationToken cancellationToken)
    {
        var found = lookup.Find(container);
        var image = images.Find(found.ImageId);
        var measured = size ? await MeasureAsync(found, image, cancellationToken) : null;
        return new ContainerInspection(found, image, FilesOf(found), sessions.OpenIn(found.Id), measured, found.State.Health);
    }

    private async Task<ContainerSize> MeasureAsync(Container container, Image? image, CancellationToken cancellationToken)
    {
        var own = await roots.SizeAsync(container.Id, cancellationToken);
        return new ContainerSize(own, own + (image?.Size ?? 0));
    }

    private ContainerFiles FilesOf(Container container)
    {
        var everStarted = container.State.Generation > 0;
        return new ContainerFiles(
            everStarted ? files.ResolvConf(container.Id) : "",
            everStarted ? files.Hostname(container.Id) : "",
            everStarted ? files.Hosts(container.Id) : "",
            container.LogDriver is "none" or "journald" ? "" : paths.LogFile(container.Id),
            string.Join(':', container.Layers.Reverse().Select(layer => Path.Join(paths.Layer(layer), "diff"))),
            Path.Join(paths.Container(container.Id), "upper"),
            Path.Join(paths.Container(container.Id), "work"),
            paths.RootFs(container.Id));
    }
}
