using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Mounts;
using Podsharp.Storage.Databases;

namespace Podsharp.Storage.Roots;

/// <summary>Tries once a boot whether the store's file system carries overlay mounts; a user learns it at start and not at the first run.</summary>
internal static class OverlayCheck
{
    private const string Passed = "overlay";
    private const int NotPermitted = 1;

    /// <returns>The facts that info shows.</returns>
    public static async Task<IReadOnlyList<(string Key, string Value)>> RunAsync(Database running, StorePaths paths, Staging staging)
    {
        var root = Path.GetFullPath(paths.Root);
        var known = await running.RunAsync(Durability.Process, database => database.Query(
            row => row.GetString(0), "SELECT value FROM fact WHERE key = $1", $"{Passed}:{root}").FirstOrDefault());
        if (known is null)
        {
            known = MountTable.Holding(root)?.Type ?? "unknown";
            Try(staging, known, root);
            await running.RunAsync(Durability.Process, database => database.Execute(
                "INSERT INTO fact (key, value) VALUES ($1, $2)", $"{Passed}:{root}", known));
        }

        return
        [
            // The field's name for ext2, ext3 and ext4 is that of their common magic number.
            ("Backing Filesystem", known.StartsWith("ext", StringComparison.Ordinal) ? "extfs" : known),
            ("Supports d_type", "true"),
            ("Using metacopy", "false"),
            ("Native Overlay Diff", "true"),
            ("userxattr", OverlayMount.UsesUserAttributes ? "true" : "false"),
        ];
    }

    private static void Try(Staging staging, string type, string root)
    {
        var directory = staging.NewDirectory();
        try
        {
            List<string> parts = [Path.Join(directory, "lower"), Path.Join(directory, "upper"), Path.Join(directory, "work"), Path.Join(directory, "merged")];
            parts.ForEach(path => Directory.CreateDirectory(path));
            OverlayMount.Mount([parts[0]], parts[1], parts[2], parts[3], isVolatile: false);
            try
            {
                Directory.CreateDirectory(Path.Join(parts[3], "probe"));
            }
            finally
            {
                MountPoint.Unmount(parts[3]);
            }
        }
        catch (SystemCallException e) when (e.ErrorNumber == NotPermitted)
        {
            throw EngineException.NotSupported(
                $"overlay mounts are not permitted here ({e.Message}): run as root, or in a user namespace of a kernel from 5.13 on");
        }
        catch (Exception e) when (e is SystemCallException { ErrorNumber: not ErrorNumber.NoSpace } or UnauthorizedAccessException)
        {
            throw EngineException.NotSupported(
                $"the file system of {root} ({type}) cannot carry overlay mounts ({e.Message}): "
                + "put --root on ext4, btrfs or xfs (made with ftype=1), and not on NFS or another overlay; the kernel needs its overlay module");
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, $"the store at {root}");
        }
        finally
        {
            staging.Remove(directory);
        }
    }
}
