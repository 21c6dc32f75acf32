using Podsharp.Core.Containers;
using Podsharp.Core.Host;

namespace Podsharp.Drivers.Host;

/// <summary>What SELinux calls containers here: its policy says so in lxc_contexts (selinux_lxc_contexts_path(3)).</summary>
internal static class LabelReader
{
    private const string KernelFiles = "/sys/fs/selinux";
    private const string Configuration = "/etc/selinux/config";

    /// <summary>Of the container policies in use, where nothing else is said.</summary>
    private static readonly LabelDefaults Usual = new(
        new SecurityLabel("system_u", "system_r", "container_t", "s0"), new SecurityLabel("system_u", "object_r", "container_file_t", "s0"));

    /// <summary>SELinux is on and a policy loaded: before that, everything is the kernel's.</summary>
    public static bool HasSeLinux => File.Exists($"{KernelFiles}/enforce") && FactReader.Text("/proc/self/attr/current").TrimEnd('\0', '\n') is not ("kernel" or "");

    /// <summary>
    /// This service's own label without its categories, where it has any: what carries a container's stdio must have none, or the container, which has
    /// but two, may not use it. Else empty.
    /// </summary>
    public static string CarrierLabel => Carrier.Value;

    private static readonly Lazy<string> Carrier = new(static () => HasSeLinux ? CarrierOf(FactReader.Text("/proc/self/attr/current").TrimEnd('\0', '\n')) : "");

    internal static string CarrierOf(string own) =>
        SecurityLabel.TryParse(own) is { Level: var level } label && level.AsSpan().ContainsAny(':', '-')
            ? label.WithoutCategories.ToString()
            : "";

    /// <summary>Of a machine with SELinux; null where the loaded policy knows neither the labels that its files name nor the usual ones.</summary>
    public static LabelDefaults? Defaults()
    {
        var type = FactReader.OsRelease(FactReader.Text(Configuration)).GetValueOrDefault("SELINUXTYPE", "targeted");
        return Choose(FactReader.Text($"/etc/selinux/{type}/contexts/lxc_contexts"), FactReader.Text($"{KernelFiles}/mls").Trim() == "1", IsKnown);
    }

    /// <param name="contexts">Text of lxc_contexts; empty: there is none.</param>
    /// <param name="hasLevels">The loaded policy has levels.</param>
    internal static LabelDefaults? Choose(string contexts, bool hasLevels, Func<SecurityLabel, bool> isKnown)
    {
        var candidates = new[] { Parse(contexts), Usual }.OfType<LabelDefaults>();
        return candidates.Select(defaults => hasLevels ? defaults : WithoutLevels(defaults))
            .FirstOrDefault(defaults => isKnown(defaults.Process) && isKnown(defaults.File));
    }

    /// <summary>Null when it does not name both labels.</summary>
    internal static LabelDefaults? Parse(string contexts)
    {
        var values = FactReader.OsRelease(contexts.Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal));
        return SecurityLabel.TryParse(values.GetValueOrDefault("process", "")) is { } process && SecurityLabel.TryParse(values.GetValueOrDefault("file", "")) is { } file
            ? new LabelDefaults(process, file)
            : null;
    }

    private static LabelDefaults WithoutLevels(LabelDefaults defaults) =>
        new(defaults.Process with { Level = "" }, defaults.File with { Level = "" });

    // The kernel refuses what its policy does not know (EINVAL); who may not ask learns it from the first start.
    public static bool IsKnown(SecurityLabel label)
    {
        try
        {
            using var file = new FileStream($"{KernelFiles}/context", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(label + "\0"));
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
