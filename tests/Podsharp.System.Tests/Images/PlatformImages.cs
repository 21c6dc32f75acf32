using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace Podsharp.System.Tests.Images;

/// <summary>An OCI image layout of one name for amd64 and arm64; both run the host's busybox, and say which they are in /platform.</summary>
internal static class PlatformImages
{
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    public static async Task WriteAsync(string path, string name)
    {
        using var shared = new MemoryStream();
        await BusyboxImage.WriteLayerAsync(shared);
        var blobs = new Dictionary<string, byte[]>();
        var manifests = new List<string>();
        foreach (var architecture in (string[])["arm64", "amd64"])
        {
            var layers = new[] { shared.ToArray(), Tar([("platform", Encoding.UTF8.GetBytes(architecture))]) };
            var config = Encoding.UTF8.GetBytes(
                $"{{\"architecture\":\"{architecture}\",\"os\":\"linux\",\"config\":{{\"Cmd\":[\"sh\"]}},\"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[{string.Join(',', layers.Select(layer => $"\"{Digest(layer)}\""))}]}}}}");
            var manifest = Encoding.UTF8.GetBytes(
                $"{{\"schemaVersion\":2,\"mediaType\":\"{Manifest}\",\"config\":{Described("application/vnd.oci.image.config.v1+json", config)},\"layers\":[{string.Join(',', layers.Select(layer => Described("application/vnd.oci.image.layer.v1.tar", layer)))}]}}");
            foreach (var blob in layers.Append(config).Append(manifest)) blobs[Digest(blob)] = blob;
            manifests.Add($"{Described(Manifest, manifest)[..^1]},\"platform\":{{\"os\":\"linux\",\"architecture\":\"{architecture}\"}}}}");
        }

        var platforms = Encoding.UTF8.GetBytes($"{{\"schemaVersion\":2,\"mediaType\":\"{Index}\",\"manifests\":[{string.Join(',', manifests)}]}}");
        blobs[Digest(platforms)] = platforms;
        var top = Encoding.UTF8.GetBytes(
            $"{{\"schemaVersion\":2,\"manifests\":[{Described(Index, platforms)[..^1]},\"annotations\":{{\"io.containerd.image.name\":\"{name}\"}}}}]}}");
        await File.WriteAllBytesAsync(path, Tar(
        [
            ("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray()), ("index.json", top),
            .. blobs.Select(blob => ("blobs/sha256/" + blob.Key[7..], blob.Value)),
        ]));
    }

    private static string Described(string type, byte[] blob) => $"{{\"mediaType\":\"{type}\",\"digest\":\"{Digest(blob)}\",\"size\":{blob.Length}}}";

    private static string Digest(byte[] blob) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(blob));

    private static byte[] Tar(IEnumerable<(string Name, byte[] Content)> members)
    {
        using var target = new MemoryStream();
        using (var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in members)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { ModificationTime = DateTimeOffset.UnixEpoch, DataStream = new MemoryStream(content) });
        }

        return target.ToArray();
    }
}
