using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Images;
using Podsharp.Engine.Containers.Labels;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Images;
using Podsharp.Engine.Volumes;

namespace Podsharp.Engine.Containers;

/// <summary>Defines a container: nothing runs, but all that can be refused has been.</summary>
public sealed class CreateContainer(
    ResolveImage resolveImage, ResolveMounts resolveMounts, ContainerDefinition definition, ContainerLookup lookup, ContainerLabels labels, IHost host,
    EngineOptions options)
{
    private const int NameAttempts = 5;

    public async Task<CreateContainerOutcome> RunAsync(CreateContainerRequest request, CancellationToken cancellationToken)
    {
        var name = string.IsNullOrEmpty(request.Name) ? definition.MakeUpName() : ContainerNames.Checked(request.Name);
        var platform = string.IsNullOrEmpty(request.Platform) ? null : Platform.Parse(request.Platform);
        var image = await resolveImage.RunAsync(request.Spec.ImageName, platform, cancellationToken);
        var id = ContainerId.New();
        var warnings = new List<string>();
        var asked = ConfiguredDefaults.Apply(request.Spec, options);
        asked = asked with { Resources = KernelLimits.Kept(asked.Resources, host.Facts, warnings) };
        var spec = ContainerSpecMerge.Merge(asked, image.Config.Process, id, host.Facts.HostName);
        ContainerSpecCheck.Run(spec, host, options);
        spec = ContainerLabels.Stated(Joined(spec with { Network = definition.Placed(spec.Network) }));

        using var label = labels.Choose(spec);
        await using var mounts = await resolveMounts.RunAsync(
            new ResolveMountsRequest(asked.Mounts, image.Config.Process.Volumes), cancellationToken);
        var container = new Container
        {
            Id = id,
            Name = name,
            Created = definition.Now,
            ImageId = image.Id,
            Layers = image.Layers,
            Spec = spec,
            Mounts = mounts.Mounts,
            LogDriver = LogDriver(spec),
            ProcessLabel = label.Process,
            MountLabel = label.Mount,
        };
        using var held = await resolveImage.HoldAsync([.. ImageUse.ImagesOf(container)], cancellationToken);
        await AddAsync(container, hasMadeUpName: string.IsNullOrEmpty(request.Name), cancellationToken);
        mounts.Keep();
        return new CreateContainerOutcome(id, warnings);
    }

    // Two who make up a name at the same moment may think of the same.
    private async Task AddAsync(Container container, bool hasMadeUpName, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await definition.AddAsync(container, cancellationToken);
                return;
            }
            catch (EngineException taken) when (hasMadeUpName && taken.Kind == ErrorKind.Conflict && attempt < NameAttempts)
            {
                container = container with { Name = definition.MakeUpName() };
            }
        }
    }

    private string LogDriver(ContainerSpec spec) => spec.Log.Driver.Length > 0 ? spec.Log.Driver : options.LogDriver;

    /// <summary>Namespaces of other containers are kept by id, so that a rename breaks nothing.</summary>
    private ContainerSpec Joined(ContainerSpec spec) => spec with
    {
        PidMode = Joined(spec.PidMode),
        IpcMode = Joined(spec.IpcMode),
        Network = spec.Network with { Mode = Joined(spec.Network.Mode) },
    };

    // Not "not found": clients take that for a missing image, and pull it.
    private NamespaceMode Joined(NamespaceMode mode) => mode.Kind != NamespaceKind.Container
        ? mode
        : mode with { Value = lookup.TryFind(mode.Value)?.Id.ToString() ?? throw EngineException.InvalidInput($"No such container: {mode.Value}") };
}
