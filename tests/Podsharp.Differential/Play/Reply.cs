namespace Podsharp.Differential.Play;

/// <summary>What came back. A status of 0: nothing did, and the body tells why.</summary>
public sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static Reply None(string reason) => new(0, new Dictionary<string, string>(), System.Text.Encoding.UTF8.GetBytes(reason));

    public string? ContentType => Headers.GetValueOrDefault("Content-Type")?.Split(';')[0];
}
