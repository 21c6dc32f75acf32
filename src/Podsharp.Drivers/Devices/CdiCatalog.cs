using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;

namespace Podsharp.Drivers.Devices;

/// <summary>
/// The CDI files of this machine, read anew for each container that asks: few do, and drivers write them when they are loaded. A device
/// that two files of one directory describe is nobody's, as the specification has it.
/// </summary>
public sealed class CdiCatalog(EngineOptions options) : IDeviceCatalog
{
    public IReadOnlyList<string> Directories => options.DeviceDirectories;

    public bool Knows(string kind) => Read(out _).Keys.Any(name => name.StartsWith(kind + "=", StringComparison.Ordinal));

    public DeviceEdits Resolve(IReadOnlyList<string> names)
    {
        var known = Read(out var faults);
        var unknown = names.Where(name => !known.ContainsKey(name)).ToList();
        if (unknown.Count > 0) throw Unresolvable(unknown, faults);
        var edits = new DeviceEdits();
        var files = new HashSet<CdiFile>(ReferenceEqualityComparer.Instance);
        foreach (var name in names.Distinct())
        {
            var (file, device) = known[name];
            if (files.Add(file!)) edits = Join(edits, file!.Common);
            edits = Join(edits, device);
        }

        return edits;
    }

    private static DeviceEdits Join(DeviceEdits one, DeviceEdits other) => new()
    {
        Environment = [.. one.Environment, .. other.Environment],
        Nodes = [.. one.Nodes, .. other.Nodes],
        Mounts = [.. one.Mounts, .. other.Mounts],
        Hooks = one.Hooks.And(other.Hooks),
        AdditionalGroups = [.. one.AdditionalGroups.Union(other.AdditionalGroups)],
    };

    private EngineException Unresolvable(List<string> names, List<string> faults) => EngineException.InvalidInput(
        $"CDI device injection failed: unresolvable CDI devices {string.Join(", ", names)}: no file in {string.Join(" or ", Directories)} describes them"
        + (faults.Count == 0 ? "" : $" ({string.Join("; ", faults)})"));

    private Dictionary<string, (CdiFile File, DeviceEdits Edits)> Read(out List<string> faults)
    {
        faults = [];
        var known = new Dictionary<string, (CdiFile, DeviceEdits)>();
        foreach (var directory in Directories)
        {
            var here = new Dictionary<string, (CdiFile, DeviceEdits)>();
            var ambiguous = new HashSet<string>();
            foreach (var path in Files(directory))
            {
                if (TryRead(path, faults) is not { } file) continue;
                foreach (var (name, edits) in file.Devices)
                {
                    if (!here.TryAdd($"{file.Kind}={name}", (file, edits))) ambiguous.Add($"{file.Kind}={name}");
                }
            }

            faults.AddRange(ambiguous.Select(name => $"{name} is described twice in {directory}"));
            foreach (var (name, entry) in here) known[name] = entry;
            foreach (var name in ambiguous) known.Remove(name);
        }

        return known;
    }

    private static CdiFile? TryRead(string path, List<string> faults)
    {
        try
        {
            return CdiFile.Read(path);
        }
        catch (Exception exception) when (exception is CdiFormatException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{path}: {exception.Message}");
            return null;
        }
    }

    private static IEnumerable<string> Files(string directory)
    {
        try
        {
            return Directory.GetFiles(directory).Where(static path => Path.GetExtension(path) is ".json" or ".yaml" or ".yml").Order(StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
