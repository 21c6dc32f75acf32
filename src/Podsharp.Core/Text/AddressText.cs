using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Podsharp.Core.Text;

/// <summary>
/// IP addresses as Go and everybody else reads them. The framework takes more: "1" and "1.2", 010.0.0.1 for 8.0.0.1, 0x7f.0.0.1, [::1]:80 and fe80::1%eth0.
/// </summary>
public static class AddressText
{
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (text.Contains(':', StringComparison.Ordinal) ? !text.AsSpan().ContainsAny('[', '%') : address.ToString() == text);

    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        return text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && TryParse(text[..slash], out _) && IPNetwork.TryParse(text, out network);
    }
}
