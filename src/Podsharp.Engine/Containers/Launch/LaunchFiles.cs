using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Storage;
using Podsharp.Engine.Containers.Labels;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>The files that the engine writes for a container and mounts into it.</summary>
public sealed class LaunchFiles(StorePaths paths, ContainerNetworkFiles network, FileLabeling labels, EngineOptions options)
{
    public string ResolvConf(ContainerId id) => Path.Join(paths.Container(id), "resolv.conf");

    public string Hosts(ContainerId id) => Path.Join(paths.Container(id), "hosts");

    public string Hostname(ContainerId id) => Path.Join(paths.Container(id), "hostname");

    /// <summary>Writes them for this start and answers what goes where.</summary>
    internal async Task<IReadOnlyList<EngineFile>> WriteAsync(
        Container container, NetworkPlan plan, HostFacts host, CancellationToken cancellationToken)
    {
        var owner = plan.JoinedContainer ?? container.Id;
        if (plan.JoinedContainer is null)
        {
            Directory.CreateDirectory(paths.Container(container.Id));
            File.WriteAllText(ResolvConf(owner), network.ResolvConf(container, plan));
            if (options.NoHosts) File.Delete(Hosts(owner));
            else File.WriteAllText(Hosts(owner), network.Hosts(container, plan));
            File.WriteAllText(Hostname(owner), (container.Spec.UtsMode.Kind == NamespaceKind.Host ? host.HostName : container.Spec.Hostname) + "\n");
        }

        var files = new List<EngineFile> { new(ResolvConf(owner), "/etc/resolv.conf"), new(Hostname(owner), "/etc/hostname") };
        if (!options.NoHosts) files.Add(new(Hosts(owner), "/etc/hosts"));
        if (options.TimeZone.Length > 0) files.Add(new(LocalTime(container.Id), "/etc/localtime"));
        await labels.PrepareAsync(container, files.Select(static file => file.Source), shared: owner != container.Id, cancellationToken);
        if (container.Spec.Init ?? options.Init) files.Add(new(InitProgram(host), ProcessPart.InitTarget, ReadOnly: true));
        return files;
    }

    // A copy: the mount is writable, and the host's clock is not the container's.
    private string LocalTime(ContainerId id)
    {
        var zone = TimeZoneFile.PathOf(options.TimeZone)
            ?? throw EngineException.NotSupported($"the time zone \"{options.TimeZone}\" (tz in containers.conf) is not on this machine: install tzdata");
        var copy = Path.Join(paths.Container(id), "localtime");
        File.Copy(zone, copy, overwrite: true);
        return copy;
    }

    private string InitProgram(HostFacts host)
    {
        var path = options.InitPath is { Length: > 0 } configured ? configured : host.InitPath;
        return path.Length > 0 && File.Exists(path)
            ? path
            : throw EngineException.NotSupported("no init program found: install catatonit, or set init_path in containers.conf");
    }
}
