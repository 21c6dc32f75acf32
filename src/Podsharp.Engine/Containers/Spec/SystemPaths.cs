using Podsharp.Core.Containers;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Kernel files that a container may not see or not change, unless it was asked for otherwise.</summary>
internal static class SystemPaths
{
    private static readonly string[] Hidden =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
        "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/selinux",
    ];

    private static readonly string[] Fixed = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static IReadOnlyList<string> Masked(SecuritySpec security) => security.MaskedPaths ?? (IsOpen(security) ? [] : Hidden);

    public static IReadOnlyList<string> ReadOnly(SecuritySpec security) => security.ReadOnlyPaths ?? (IsOpen(security) ? [] : Fixed);

    private static bool IsOpen(SecuritySpec security) => security.Privileged || SecurityOptions.Parse(security.Options).UnmaskedPaths;
}
