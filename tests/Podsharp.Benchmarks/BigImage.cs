using System.Collections.Concurrent;
using System.Formats.Tar;

namespace Podsharp.Benchmarks;

/// <summary>190 MB in files of the sizes a distribution has, half of them compressible.</summary>
internal static class BigImage
{
    private static readonly ConcurrentDictionary<int, Lazy<Task<string>>> Archives = new();

    public static string Name(int number) => $"podsharp-big:{number}";

    /// <returns>Path of an archive whose layer no other number's has.</returns>
    public static Task<string> ArchiveAsync(int number) => Archives.GetOrAdd(number, it => new Lazy<Task<string>>(() => BuildAsync(it))).Value;

    private static async Task<string> BuildAsync(int number)
    {
        var random = new Random(4711 + number);
        using var layer = new MemoryStream(200 << 20);
        await using (var tar = new TarWriter(layer, TarEntryFormat.Pax, leaveOpen: true))
        {
            for (var i = 0; layer.Length < 190_000_000; i++)
            {
                var content = new byte[i % 50 == 0 ? 1 << 20 : random.Next(500, 60_000)];
                if (i % 2 == 0) random.NextBytes(content);
                else content.AsSpan().Fill((byte)i);
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"usr/share/d{i % 97}/file-{i}") { DataStream = new MemoryStream(content) });
            }
        }

        var path = $"/var/tmp/podsharp-big-{Environment.ProcessId}-{number}.tar";
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        await using var file = File.Create(path);
        await BusyboxImage.WriteDockerArchiveAsync(file, Name(number), layer.ToArray());
        return path;
    }
}
