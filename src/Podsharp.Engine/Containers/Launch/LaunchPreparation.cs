using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;
using Podsharp.Core.Storage;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Everything between a mounted root with a network plan and the OCI configuration: files, volumes' first content, users, devices.</summary>
public sealed class LaunchPreparation(
    LaunchFiles launchFiles, LaunchMounts mounts, IRootedFiles files, ContainerLookup lookup, IHost host, IDeviceCatalog catalog, EngineOptions options)
{
    // By this file programs know that they run in a container (Testcontainers asks, to find published ports).
    private const string InContainerMark = "/.dockerenv";

    // Java, and programs older than /proc/mounts, read here what is mounted; images leave it to the engine.
    private const string MountTable = "/etc/mtab";

    private readonly RuntimeSpecBuilder _builder = new(new SeccompProfiles(options), host);
    private readonly UserDatabase _users = new(files);

    public async Task<RuntimeSpec> BuildAsync(
        Container container, NetworkPlan plan, string root, string sharedMemory, CancellationToken cancellationToken)
    {
        container = container with { Mounts = TmpfsModes.Add(await mounts.MakeAsync(container, root, cancellationToken), root, files) };
        var facts = host.Facts;
        var user = _users.Resolve(root, container.Spec.Process.User, container.Spec.Security.AdditionalGroups);
        MakeWorkingDirectory(root, container, user);
        files.MakeFile(root, InContainerMark);
        files.MakeSymbolicLink(root, MountTable, "/proc/mounts");
        var spec = _builder.Build(new LaunchContext
        {
            Container = WithHostname(container, plan),
            Host = facts,
            Options = options,
            RootFs = root,
            User = user,
            AppArmorProfile = await AppArmorChoice.OfAsync(container.Spec, host, options),
            NetworkNamespace = plan.Kind == NetworkPlanKind.Joined ? plan.JoinedNamespace : container.State.NetworkNamespace,
            JoinedPid = PidOf(container.Spec.PidMode),
            JoinedIpc = PidOf(Shared(container.Spec.IpcMode)),
            JoinedUts = PidOf(container.Spec.UtsMode),
            SharedMemory = sharedMemory,
            Files = await launchFiles.WriteAsync(container, plan, facts, cancellationToken),
            Devices = DevicePart.Resolve(container, options, facts, host),
        });
        var requested = DeviceRequests.NamesOf(container.Spec.Mounts, catalog);
        return requested.Count == 0 ? spec : DeviceEditPart.Apply(spec, catalog.Resolve(requested), host);
    }

    // Who shares a network shares its name, too.
    private Container WithHostname(Container container, NetworkPlan plan) => plan.JoinedContainer is { } joined && container.Spec.Hostname.Length == 0
        ? container with { Spec = container.Spec with { Hostname = lookup.Find(joined.ToString()).Spec.Hostname } }
        : container;

    /// <summary>Bytes after which the log begins anew; 0 never.</summary>
    public long LogSizeOf(Container container)
    {
        if (container.LogDriver is "none" or "journald") return 0;
        return LogSize.Of(container.Spec.Log) is > 0 and var asked ? asked : Math.Max(0, options.LogSizeMaximum);
    }

    private void MakeWorkingDirectory(string root, Container container, UserIdentity user)
    {
        var directory = container.Spec.Process.WorkingDirectory;
        if (directory.Length == 0 || directory == "/" || container.Mounts.Any(mount => directory.IsAtOrBelow(mount.Target))) return;
        files.MakeDirectory(root, directory, user.UserId, user.GroupId, 0x1ed);
    }

    // What is in a private one, or nowhere, was not meant for others.
    private NamespaceMode Shared(NamespaceMode ipc)
    {
        if (ipc.Kind == NamespaceKind.Container && lookup.Find(ipc.Value) is { Spec.IpcMode.Kind: NamespaceKind.Private or NamespaceKind.None } other)
            throw EngineException.Conflict($"failed to join IPC namespace: container {other.Id}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
        return ipc;
    }

    private int PidOf(NamespaceMode mode)
    {
        if (mode.Kind != NamespaceKind.Container) return 0;
        var other = lookup.Find(mode.Value);
        return other.State.IsUp
            ? other.State.Pid
            : throw EngineException.Conflict($"cannot join the namespace of container {mode.Value}: it is not running");
    }
}
