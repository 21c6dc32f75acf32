using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Signatures;

/// <summary>Reads the keys that a requirement names.</summary>
internal static class PublicKeys
{
    private const string ArmorHead = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
    private const string ArmorFoot = "-----END PGP PUBLIC KEY BLOCK-----";

    public static IReadOnlyList<byte[]> Read(SignatureRequirement requirement) =>
        [.. requirement.KeyPaths.Select(ReadFile), .. requirement.KeyData.Select(data => Decode(requirement, data))];

    /// <summary>OpenPGP keys in binary: the program that checks them reads no other form.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> ReadOpenPgp(SignatureRequirement requirement) => [.. Read(requirement).SelectMany(Unarmored)];

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw EngineException.InvalidInput($"the key {path} that policy.json names cannot be read: {failure.Message}");
        }
    }

    private static byte[] Decode(SignatureRequirement requirement, string data)
    {
        try
        {
            return Convert.FromBase64String(data);
        }
        catch (FormatException)
        {
            throw EngineException.InvalidInput($"keyData of \"{requirement.Type}\" under \"{requirement.Scope}\" in policy.json is not base64");
        }
    }

    // A file may hold several blocks, each with headers before an empty line and a checksum after its last line (RFC 9580, 6.2).
    private static IEnumerable<ReadOnlyMemory<byte>> Unarmored(byte[] content)
    {
        if (content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(ArmorHead)) < 0) return [content];
        var blocks = new List<ReadOnlyMemory<byte>>();
        var block = (StringBuilder?)null;
        var inHeaders = false;
        foreach (var line in Encoding.ASCII.GetString(content).Split('\n').Select(static line => line.Trim()))
        {
            if (line == ArmorHead) (block, inHeaders) = (new StringBuilder(), true);
            else if (block is null) continue;
            else if (line == ArmorFoot)
            {
                blocks.Add(FromBase64(block.ToString()));
                block = null;
            }
            else if (inHeaders && (line.Length == 0 || line.Contains(':', StringComparison.Ordinal))) inHeaders = line.Length > 0;
            else if (!line.StartsWith('=')) block.Append(line);
        }

        return blocks;
    }

    private static byte[] FromBase64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw EngineException.InvalidInput("a key that policy.json names is no OpenPGP key: its armor is damaged");
        }
    }
}
