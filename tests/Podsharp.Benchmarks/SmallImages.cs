using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;

namespace Podsharp.Benchmarks;

/// <summary>Many images on one small layer.</summary>
internal static class SmallImages
{
    public static string Name(int number) => $"podsharp-small:{number}";

    public static async Task WriteArchiveAsync(Stream target, int count)
    {
        await using var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        var layer = SampleLayer.TarOf([("small", [1])], closed: true);
        await AddAsync(tar, "layer.tar", layer);
        var manifest = new JsonArray();
        for (var number = 0; number < count; number++)
        {
            await AddAsync(tar, $"config-{number}.json", Encoding.UTF8.GetBytes(Config(number, SampleImage.DigestOf(layer)).ToJsonString()));
            manifest.Add(new JsonObject { ["Config"] = $"config-{number}.json", ["RepoTags"] = new JsonArray(Name(number)), ["Layers"] = new JsonArray("layer.tar") });
        }

        await AddAsync(tar, "manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    private static JsonObject Config(int number, string diffId) => new()
    {
        ["architecture"] = "amd64",
        ["os"] = "linux",
        ["created"] = "2024-01-01T00:00:00Z",
        ["config"] = new JsonObject { ["Cmd"] = new JsonArray("sh"), ["Labels"] = new JsonObject { ["number"] = number.ToString() } },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(diffId) },
    };

    private static Task AddAsync(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
