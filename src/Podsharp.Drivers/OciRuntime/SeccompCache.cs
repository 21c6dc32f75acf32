using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Podsharp.Core.Containers;
using Podsharp.Core.Oci;
using Podsharp.Core.Storage;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>
/// crun compiles the seccomp profile anew for each container, which is a good quarter of the whole create. It leaves the compiled filter in its
/// state directory and takes one by annotation; kept here by everything that the filter depends on.
/// </summary>
internal sealed class SeccompCache(StorePaths paths)
{
    private const string Annotation = "run.oci.seccomp_bpf_data";

    private static readonly string[] LibraryDirectories =
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib", "/lib"];

    private readonly ConditionalWeakTable<LinuxSeccomp, string> _profiles = [];
    private readonly ConcurrentDictionary<string, string> _filters = new();
    private readonly ConcurrentDictionary<string, string> _machines = new();

    /// <summary>The spec with the compiled filter, or itself while there is none.</summary>
    public RuntimeSpec Apply(RuntimeSpec spec, Runtime runtime)
    {
        if (Key(spec, runtime) is not { } key || Load(key) is not { } filter) return spec;
        return spec with { Annotations = new Dictionary<string, string>(spec.Annotations) { [Annotation] = filter } };
    }

    /// <summary>Keeps the filter that crun has just compiled for this container.</summary>
    public void Keep(RuntimeSpec spec, Runtime runtime, ContainerId id)
    {
        if (Key(spec, runtime) is not { } key || _filters.ContainsKey(key)) return;
        try
        {
            var filter = File.ReadAllBytes(Path.Join(runtime.StateOf(id), "seccomp.bpf"));
            if (filter.Length == 0 || filter.Length % 8 != 0) return;
            Directory.CreateDirectory(paths.SeccompCache);
            var staged = Path.Join(paths.SeccompCache, $".{key}.{id.Short}");
            File.WriteAllBytes(staged, filter);
            File.Move(staged, FileOf(key), overwrite: true);
            _filters[key] = Convert.ToBase64String(filter);
        }
        catch (IOException)
        {
            // A cache only: a runtime that keeps no filter, or a full disk, costs time and nothing else.
        }
    }

    private string FileOf(string key) => Path.Join(paths.SeccompCache, key);

    private string? Load(string key)
    {
        if (_filters.TryGetValue(key, out var known)) return known;
        try
        {
            var filter = File.ReadAllBytes(FileOf(key));
            // A torn file (power loss) must never become a filter.
            return filter.Length > 0 && filter.Length % 8 == 0 ? _filters.GetOrAdd(key, Convert.ToBase64String(filter)) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private string? Key(RuntimeSpec spec, Runtime runtime)
    {
        if (!runtime.IsCrun || spec.Linux.Seccomp is not { } profile) return null;
        var machine = _machines.GetOrAdd(runtime.Path, static path => MachineFacts(path));
        return _profiles.GetValue(profile, value =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(machine));
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(value, RuntimeJson.Default.LinuxSeccomp));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        });
    }

    // Size and time of the files stand for the versions of crun and libseccomp: no program is run to ask.
    private static string MachineFacts(string runtimePath)
    {
        var library = LibraryDirectories.Select(directory => Path.Join(directory, "libseccomp.so.2")).FirstOrDefault(File.Exists) ?? "";
        return string.Join('\n', FileFacts(runtimePath), FileFacts(library), Environment.OSVersion.VersionString, RuntimeInformation.OSArchitecture);
    }

    private static string FileFacts(string path)
    {
        if (path.Length == 0) return "";
        var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
        return $"{target.FullName} {target.Length} {target.LastWriteTimeUtc.Ticks}";
    }
}
