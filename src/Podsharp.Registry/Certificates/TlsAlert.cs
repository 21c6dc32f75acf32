using System.Security.Cryptography;

namespace Podsharp.Registry.Certificates;

/// <summary>What the other side of a TLS connection broke it off with (RFC 8446 §6.2), as OpenSSL tells it. Asking again helps nobody.</summary>
internal static class TlsAlert
{
    private const int SslLibrary = 20;
    private const int LibraryShift = 23;
    private const int ReasonBits = (1 << LibraryShift) - 1;
    private const int FirstAlertReason = 1000;

    /// <returns>The alert's name where it is about our certificate; else null.</returns>
    public static string? AboutOurCertificate(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            // OpenSSL's error code: the library, and its reason below, which for an alert is a thousand more than the alert's number.
            if (failure is CryptographicException && failure.HResult >> LibraryShift == SslLibrary && NameOf((failure.HResult & ReasonBits) - FirstAlertReason) is { } name)
                return name;
        }

        return null;
    }

    private static string? NameOf(int alert) => alert switch
    {
        42 => "bad certificate",
        43 => "unsupported certificate",
        44 => "revoked certificate",
        45 => "expired certificate",
        46 => "unknown certificate",
        48 => "unknown certificate authority",
        49 => "access denied",
        116 => "certificate required",
        _ => null,
    };
}
