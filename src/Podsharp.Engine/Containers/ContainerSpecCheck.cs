using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers.Labels;
using Podsharp.Engine.Containers.Spec;

namespace Podsharp.Engine.Containers;

/// <summary>Refuses at creation what could only fail at the start.</summary>
internal static class ContainerSpecCheck
{
    private static readonly string[] LogDrivers = ["", "k8s-file", "json-file", "local", "none", "journald"];

    public static void Run(ContainerSpec spec, IHost host, EngineOptions options)
    {
        var facts = host.Facts;
        var security = SecurityOptions.Parse(spec.Security.Options);
        CheckLabels(security.Labels, facts, options);
        CapabilityPart.Validate(spec.Security, facts);
        CpuSet.Check(spec.Resources, facts);
        LimitPart.Validate(spec.Resources.UserLimits, facts);
        DelegatedControllers.Check(spec.Resources, facts);
        if (security.Seccomp is { } profile && profile != "unconfined")
            SeccompProfiles.Parse(profile, CapabilityPart.Granted(spec.Security, new EngineOptions(), facts), facts);
        if (spec.StopSignal is { } signal) Signals.Parse(signal);
        foreach (var rule in spec.Resources.DeviceCgroupRules) DevicePart.ParseRule(rule);
        DeviceRequests.Check(spec.Mounts);
        foreach (var name in spec.Annotations.Keys)
            if (RuntimeSpecBuilder.IsReservedAnnotation(name))
                throw EngineException.InvalidInput($"the annotation {name} is reserved for the engine: it would override the security profile");
        foreach (var sysctl in spec.Sysctls.Keys) CheckSysctl(sysctl, spec);
        if (!LogDrivers.Contains(spec.Log.Driver)) throw EngineException.InvalidInput($"logger: no log driver named '{spec.Log.Driver}' is registered");
        LogOptions.Check(spec.Log, spec.Log.Driver.Length > 0 ? spec.Log.Driver : options.LogDriver);
        if (spec.AutoRemove && spec.RestartPolicy.Kind != RestartKind.No)
            throw EngineException.InvalidInput("can't create 'AutoRemove' container with restart policy");
        if (spec.UserMode.Kind is not (NamespaceKind.Default or NamespaceKind.Host))
            throw EngineException.NotSupported($"user namespace mode \"{spec.UserMode}\" is not supported");
    }

    // Without SELinux a label has nothing to act on, and is kept for inspection alone.
    private static void CheckLabels(IReadOnlyList<string> labels, HostFacts facts, EngineOptions options)
    {
        if (!facts.SeLinux || !options.Labels) return;
        if (facts.Labels is null && labels.FirstOrDefault(static label => label != "disable") is { } label)
            throw EngineException.NotSupported($"--security-opt label={label} is not supported: the SELinux policy of this machine has no labels for containers");
        LabelOptions.Parse(labels);
    }

    private static void CheckSysctl(string name, ContainerSpec spec)
    {
        var ipc = name is "kernel.sem" or "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.shmall" or "kernel.shmmax"
            or "kernel.shmmni" or "kernel.shm_rmid_forced" || name.StartsWith("fs.mqueue.", StringComparison.Ordinal);
        var net = name.StartsWith("net.", StringComparison.Ordinal);
        var uts = name is "kernel.domainname" or "kernel.hostname";
        if (!ipc && !net && !uts) throw EngineException.InvalidInput($"sysctl '{name}' is not allowed: it is not in a namespace of its own");
        if (net && spec.Network.Mode.Kind == NamespaceKind.Host) throw EngineException.InvalidInput($"sysctl '{name}' is not allowed in the host network namespace");
        if (ipc && spec.IpcMode.Kind == NamespaceKind.Host) throw EngineException.InvalidInput($"sysctl '{name}' is not allowed in the host ipc namespace");
        if (uts && spec.UtsMode.Kind == NamespaceKind.Host) throw EngineException.InvalidInput($"sysctl '{name}' is not allowed in the host uts namespace");
    }
}
