using System.Formats.Tar;
using System.Text;

namespace Podsharp.Differential.Play;

/// <summary>Bodies that a script can only name.</summary>
public static class Bodies
{
    private static readonly Lazy<Task<byte[]>> Rootfs = new(async () =>
    {
        using var layer = new MemoryStream();
        await BusyboxImage.WriteLayerAsync(layer);
        return layer.ToArray();
    });

    /// <param name="kind">
    /// json: the text as it is. rootfs: busybox as a root file system. archive: the same as a docker-archive.
    /// files: a tar of the text's lines, each "NAME CONTENT". kept NAME: an earlier reply's bytes.
    /// </param>
    /// <returns>null: no body.</returns>
    public static async Task<byte[]?> MakeAsync(string kind, string text, IReadOnlyDictionary<string, byte[]> kept) => kind.Split(' ') switch
    {
        ["json"] or ["text"] => text.Length == 0 ? null : Encoding.UTF8.GetBytes(text),
        ["rootfs"] => await Rootfs.Value,
        ["archive"] => await File.ReadAllBytesAsync(await BusyboxImage.ArchiveAsync()),
        ["files"] => Tar(text),
        ["kept", var name] => kept.GetValueOrDefault(name) ?? [],
        _ => throw new FormatException($"no body is called {kind}"),
    };

    private static byte[] Tar(string text)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = line.Split(' ', 2);
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, parts[0])
                {
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes((parts.Length > 1 ? parts[1] : "").Replace("\\n", "\n", StringComparison.Ordinal))),
                });
            }
        }
        return bytes.ToArray();
    }
}
