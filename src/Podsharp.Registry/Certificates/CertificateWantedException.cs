namespace Podsharp.Registry.Certificates;

/// <summary>
/// A registry that had asked for a certificate of ours, of which there is none, broke the connection off. Under TLS 1.3 its reason comes beside our
/// first request (RFC 8446 §4.6.2) and may be lost with the connection.
/// </summary>
internal sealed class CertificateWantedException(HttpRequestException lost) : HttpRequestException(lost.HttpRequestError, lost.Message, lost)
{
    /// <summary>In the words of whoever sends the alert that this stands for.</summary>
    public string Alert { get; } = TlsAlert.AboutOurCertificate(lost) ?? "certificate required";
}
