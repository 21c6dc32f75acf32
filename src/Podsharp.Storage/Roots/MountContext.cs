using Podsharp.Core.Containers;

namespace Podsharp.Storage.Roots;

/// <summary>The option that gives all files of a mount a container's label of SELinux.</summary>
internal static class MountContext
{
    // A kernel without SELinux refuses the option.
    private static readonly Lazy<bool> HasSeLinux = new(static () => File.Exists("/sys/fs/selinux/enforce"));

    /// <summary>With a comma before it; empty where there is nothing to say.</summary>
    public static string Of(IContainerStore containers, ContainerId id) =>
        containers.Find(id) is { MountLabel: { Length: > 0 } label } && HasSeLinux.Value ? Option(label) : "";

    // In quotes: categories have commas between them.
    internal static string Option(string label) => $",context=\"{label}\"";
}
