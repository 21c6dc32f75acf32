using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Puts the parts of a container's OCI configuration together.</summary>
internal sealed class RuntimeSpecBuilder(SeccompProfiles seccomp, IHost host)
{
    private const string RuntimeAnnotations = "run.oci.";
    private const string SystemdProperty = "org.systemd.property.";

    public RuntimeSpec Build(LaunchContext context)
    {
        var spec = context.Spec;
        return new RuntimeSpec
        {
            Process = ProcessPart.Build(context),
            Root = new RuntimeRoot(context.RootFs, spec.Security.ReadOnlyRoot),
            Hostname = spec.UtsMode.Kind is NamespaceKind.Host or NamespaceKind.Container ? null : spec.Hostname,
            Mounts = MountPart.Build(context),
            Annotations = Annotations(context),
            Linux = new LinuxSpec
            {
                Namespaces = NamespacePart.Build(context),
                Devices = DevicePart.Build(context),
                CgroupsPath = CgroupPath(context),
                Resources = ResourcePart.Build(spec.Resources, context, host),
                Sysctl = Sysctls(context),
                Seccomp = Seccomp(context),
                RootfsPropagation = Propagation(context),
                MaskedPaths = SystemPaths.Masked(spec.Security),
                ReadonlyPaths = SystemPaths.ReadOnly(spec.Security),
                MountLabel = Label(context.Container.MountLabel, context.Host),
            },
        };
    }

    /// <summary>The runtime obeys annotations of its own over the configuration, the seccomp profile included: nobody else may set them.</summary>
    public static bool IsReservedAnnotation(string name) =>
        name.StartsWith(RuntimeAnnotations, StringComparison.Ordinal) || name.StartsWith(SystemdProperty, StringComparison.Ordinal);

    // When the machine is shut down, systemd stops the container's scope as the engine would stop the container.
    private static IReadOnlyDictionary<string, string> Annotations(LaunchContext context)
    {
        if (context.Host.CgroupDriver != "systemd") return context.Spec.Annotations;
        var annotations = new Dictionary<string, string>(context.Spec.Annotations)
        {
            [SystemdProperty + "KillSignal"] = $"{Signals.Parse(context.Spec.StopSignal is { Length: > 0 } asked ? asked : "SIGTERM")}",
        };
        // Who waits for ever waits as long as the machine does.
        if ((context.Spec.StopTimeout ?? context.Options.StopTimeout) is >= 0 and var seconds)
            annotations[SystemdProperty + "TimeoutStopUSec"] = $"uint64 {seconds * 1_000_000L}";
        return annotations;
    }

    private static string? CgroupPath(LaunchContext context)
    {
        if (context.Host.CgroupDriver == "none") return null;
        var parent = context.Spec.CgroupParent is { Length: > 0 } asked ? asked : context.Options.CgroupParent;
        if (context.Host.CgroupDriver != "systemd") return $"{(parent.Length > 0 ? parent.TrimEnd('/') : "/podsharp")}/{context.Container.Id}";
        var slice = parent.Length > 0 ? parent : context.Host.Rootless ? "user.slice" : "machine.slice";
        return $"{slice}:podsharp:{context.Container.Id}";
    }

    private static IReadOnlyDictionary<string, string>? Sysctls(LaunchContext context)
    {
        var sysctls = new Dictionary<string, string>();
        if (context.Spec.Network.Mode.Kind is not (NamespaceKind.Host or NamespaceKind.Container))
            foreach (var (name, value) in context.Options.DefaultSysctls) sysctls[name] = value;
        if (context.Spec.DomainName is { Length: > 0 } domain && context.Spec.UtsMode.Kind is not (NamespaceKind.Host or NamespaceKind.Container))
            sysctls["kernel.domainname"] = domain;
        foreach (var (name, value) in context.Spec.Sysctls) sysctls[name] = value;
        return sysctls.Count == 0 ? null : sysctls;
    }

    private LinuxSeccomp? Seccomp(LaunchContext context)
    {
        var asked = SecurityOptions.Parse(context.Spec.Security.Options).Seccomp;
        if (asked is "unconfined" || !context.Host.Seccomp || (context.Privileged && asked is null)) return null;
        var capabilities = CapabilityPart.Granted(context.Spec.Security, context.Options, context.Host);
        return asked is null ? seccomp.Default(capabilities, context.Host) : SeccompProfiles.Parse(asked, capabilities, context.Host);
    }

    /// <summary>Null for none: the runtime takes an empty label for a wrong one, and knows none on a host that has lost SELinux since.</summary>
    public static string? Label(string label, HostFacts host) => host.SeLinux && label.Length > 0 ? label : null;

    // A mount that shares its events with the host needs a root that passes them on.
    private static string? Propagation(LaunchContext context)
    {
        var asked = context.Container.Mounts.Select(static mount => mount.Propagation).ToHashSet();
        if (asked.Contains("shared") || asked.Contains("rshared")) return "rshared";
        return asked.Contains("slave") || asked.Contains("rslave") ? "rslave" : null;
    }
}
