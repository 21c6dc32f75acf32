using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Host;

/// <summary>
/// The engine's own profile of AppArmor (apparmor.d(5)), for containers that ask for no other: what namespaces, capabilities and read-only mounts keep
/// from them already is kept from them once more, and so are mounts.
/// </summary>
internal static class AppArmorProfile
{
    public const string Name = "podsharp-default";

    private const string KernelList = "/sys/kernel/security/apparmor/profiles";

    // The runtime is unconfined, or has a profile of its name that allows all (Ubuntu 24.04).
    private const string Text =
        $$"""
        profile {{Name}} flags=(attach_disconnected, mediate_deleted) {
          capability,
          network,
          file,
          umount,
          deny mount,

          signal (receive) peer=unconfined,
          signal (receive) peer={crun,runc,conmon},
          signal (send, receive) peer={{Name}},
          ptrace (read, readby, trace, tracedby) peer={{Name}},

          deny /proc/{kcore,kmem,mem,sysrq-trigger} rwklx,
          deny /proc/{acpi,bus,fs,irq,scsi,tty}/** wkl,
          deny /proc/sys/{abi,debug,dev,user,vm}/** wkl,
          deny /proc/sys/kernel/{core_pattern,hotplug,kexec_load_disabled,modprobe,panic*,poweroff_cmd,yama/**} wkl,
          deny /sys/firmware/** rwklx,
          deny /sys/kernel/{debug,security,tracing}/** rwklx,
          deny /sys/{block,bus,class,dev,devices,module,power}/** wkl,
        }

        """;

    /// <summary>Has it loaded where it is not, or was another.</summary>
    /// <returns>Its name; empty where apparmor_parser(8) is not installed, or the kernel shows its profiles to nobody here.</returns>
    public static async Task<string> LoadAsync(StorePaths paths)
    {
        if (!File.Exists(KernelList) || ExecutablePath.Find("apparmor_parser") is not { } parser) return "";
        if (FactReader.Text(KernelList).Contains($"{Name} (", StringComparison.Ordinal) && FactReader.Text(paths.AppArmorProfile) == Text) return Name;

        var result = await ProcessRunner.RunAsync(new Command(parser, "--skip-cache", "--replace"), Encoding.ASCII.GetBytes(Text), CancellationToken.None);
        if (!result.Succeeded)
        {
            throw EngineException.Internal(
                $"the profile {Name} of AppArmor could not be loaded: {result.ErrorText.Trim()} (\"--security-opt apparmor=unconfined\" starts a container without)");
        }

        await File.WriteAllTextAsync(paths.AppArmorProfile, Text);
        return Name;
    }
}
