/**
 * The scripts that make the shells complete the command. Each passes the words of the line as they are typed
 * to `audit-logs complete`, and never evaluates them: a word may be a redirection, or run a program.
 */
export const completionScripts = {
  bash: `# bash completion for audit-logs
_audit_logs() {
    local arguments=(complete --) word value
    COMPREPLY=()
    # Bash completes the name of the file.
    [[ \${COMP_WORDS[COMP_CWORD-1]} == *[\\<\\>] ]] && return
    # Without the equals sign of --option=value, which is a word here.
    for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == "=" ]] || arguments+=("$word")
    done
    while IFS=$'\\t' read -r value _; do
        case $value in
        :0) ;;
        :*) compopt +o default 2> /dev/null ;;
        "$2"*) COMPREPLY+=("$value") ;;
        esac
    done <<< "$(audit-logs "\${arguments[@]}" "$2" 2> /dev/null)"
}
complete -o default -F _audit_logs audit-logs`,

  zsh: `# zsh completion for audit-logs
_audit_logs() {
    local -a lines values
    local line
    lines=("\${(@f)$(audit-logs complete -- "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2> /dev/null)}")
    # What follows --option= is completed without it.
    [[ $PREFIX == --*=* ]] && compset -P 1 '*='
    if [[ $lines[-1] == :0 ]]; then
        _files
        return
    fi
    for line in "\${(@)lines[1,-2]}"; do
        values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    done
    _describe value values
}
compdef _audit_logs audit-logs`,

  fish: `# fish completion for audit-logs
function __audit_logs_complete
    set -l word (commandline -ct)
    set -l words (commandline -opc) $word
    set -l lines (audit-logs complete -- $words[2..-1] 2> /dev/null)
    # What follows --option= is completed without it.
    set -l option (string match -r -- '^--[^=]+=' $word)
    if test "$lines[-1]" = :0
        string join -- \\n "$option"(__fish_complete_path (string replace -- "$option" '' $word))
    else if set -q lines[2]
        printf '%s\\n' "$option"$lines[1..-2]
    end
end
complete -c audit-logs -e
complete -c audit-logs -f -a '(__audit_logs_complete)'`,

  powershell: `# PowerShell completion for audit-logs
Register-ArgumentCompleter -Native -CommandName audit-logs -ScriptBlock {
    param($word, $line, $cursor)
    $words = @($line.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
    # Older versions drop an empty argument.
    $passesEmpty = "$PSNativeCommandArgumentPassing" -in 'Standard', 'Windows'
    $last = if ($word -or $passesEmpty) { "$word" } else { '""' }
    # The values of --option=value are printed without the option.
    $option = if ("$word" -match '^--[^=]+=') { $Matches[0] } else { '' }
    audit-logs complete '--' @words $last 2> $null | Where-Object { $_ -notlike ':*' } | ForEach-Object {
        $value, $description = $_ -split [char]9, 2
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new(
            "$option$value", $value, 'ParameterValue', $description)
    }
}`,
} as const;
