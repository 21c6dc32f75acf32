using System.Collections.Concurrent;
using System.Formats.Tar;

namespace Podsharp.Benchmarks;

/// <summary>Files into and out of containers.</summary>
internal static class ArchiveTable
{
    private const int Files = 200;
    private const int FileSize = 1 << 20;

    private static readonly Lazy<byte[]> Tar = new(MakeTar);

    public static IReadOnlyList<Work> Works(bool quick) =>
    [
        Put("archive put of 200 MB, container down", running: false, quick ? 1 : 5),
        Put("archive put of 200 MB, container up", running: true, quick ? 1 : 5),
        Get("archive get of 200 MB, container down", running: false, quick ? 1 : 5),
        Get("archive get of 200 MB, container up", running: true, quick ? 1 : 5),
    ];

    // A container each time: what is put must not lie there already.
    private static Work Put(string name, bool running, int rounds) => new()
    {
        Name = name,
        Unit = "ms",
        Target = 2,
        Rounds = rounds,
        MeasureAsync = async engine =>
        {
            var container = await MakeAsync(engine, running);
            var time = await Race.MillisecondsAsync(() => engine.Api.PutArchiveAsync(container, "/tmp", Tar.Value));
            await engine.Api.RemoveAsync(container, force: true);
            return time;
        },
    };

    private static Work Get(string name, bool running, int rounds)
    {
        var containers = new ConcurrentDictionary<string, string>();
        return new Work
        {
            Name = name,
            Unit = "ms",
            Target = 2,
            Rounds = rounds,
            Prepare = async engine =>
            {
                containers[engine.Name] = await MakeAsync(engine, running);
                await engine.Api.PutArchiveAsync(containers[engine.Name], "/tmp", Tar.Value);
            },
            MeasureAsync = async engine =>
            {
                var bytes = 0L;
                var time = await Race.MillisecondsAsync(async () => bytes = await engine.Api.GetArchiveAsync(containers[engine.Name], "/tmp"));
                return bytes >= Files * FileSize ? time : throw new InvalidOperationException($"the archive has {bytes} bytes only");
            },
            CleanUp = engine => engine.Api.RemoveAsync(containers[engine.Name], force: true),
        };
    }

    private static async Task<string> MakeAsync(Contender engine, bool running)
    {
        var container = await engine.Api.CreateAsync("none", "sleep", "100000");
        if (running) await engine.Api.StartAsync(container);
        return container;
    }

    private static byte[] MakeTar()
    {
        var random = new Random(1);
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            for (var number = 0; number < Files; number++)
            {
                var content = new byte[FileSize];
                random.NextBytes(content);
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{number}") { DataStream = new MemoryStream(content) });
            }
        }

        return tar.ToArray();
    }
}
