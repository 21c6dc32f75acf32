using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Which namespaces are new, joined or the host's (runtime-spec config-linux.md, Namespaces).</summary>
internal static class NamespacePart
{
    public static IReadOnlyList<LinuxNamespace> Build(LaunchContext context)
    {
        var spec = context.Spec;
        var namespaces = new List<LinuxNamespace> { new("mount") };
        Add(namespaces, "pid", spec.PidMode, context.JoinedPid);
        Add(namespaces, "ipc", spec.IpcMode, context.JoinedIpc);
        Add(namespaces, "uts", spec.UtsMode, context.JoinedUts);
        AddNetwork(namespaces, context);
        if (HasPrivateCgroup(context)) namespaces.Add(new LinuxNamespace("cgroup"));
        return namespaces;
    }

    /// <summary>Private where control groups are unified, the host's elsewhere, unless asked for.</summary>
    public static bool HasPrivateCgroup(LaunchContext context) => HasPrivateCgroup(context.Spec, context.Options, context.Host);

    public static bool HasPrivateCgroup(ContainerSpec spec, EngineOptions options, HostFacts host) => spec.CgroupMode.Kind switch
    {
        NamespaceKind.Private => true,
        NamespaceKind.Host => false,
        _ => host.CgroupVersion == 2 && options.CgroupMode != "host" && !spec.Security.Privileged,
    };

    private static void Add(List<LinuxNamespace> namespaces, string type, NamespaceMode mode, int joined)
    {
        if (mode.Kind == NamespaceKind.Host) return;
        namespaces.Add(mode.Kind == NamespaceKind.Container ? new LinuxNamespace(type, PathOf(joined, type)) : new LinuxNamespace(type));
    }

    private static void AddNetwork(List<LinuxNamespace> namespaces, LaunchContext context)
    {
        if (context.Spec.Network.Mode.Kind == NamespaceKind.Host) return;
        namespaces.Add(new LinuxNamespace("network", context.NetworkNamespace is { Length: > 0 } path ? path : null));
    }

    private static string PathOf(int pid, string type) => $"/proc/{pid}/ns/{type}";
}
