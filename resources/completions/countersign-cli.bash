# Completion of countersign-cli for bash: put it into /usr/share/bash-completion/completions/countersign-cli.
_countersign_cli() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]-}
  local place="--chain-id --safe --safe-version" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="inspect hash verify predict policy review sign qr dashboard batch help version --help --version"
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    return
  fi
  case $previous in
    --kind) mapfile -t COMPREPLY < <(compgen -W "auto calldata tx safe-tx typed-data bytecode builder" -- "$current"); return ;;
    --safe-version) mapfile -t COMPREPLY < <(compgen -W "1.0.0 1.1.1 1.2.0 1.3.0 1.4.1 1.5.0" -- "$current"); return ;;
    --abi | --artifact | --environment | --policy | --module | --deployed | --init-code | --initializer | --constructor-args | --out)
      mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  case $command in
    inspect) words="--kind --abi $place" ;;
    hash) words="keccak256 message typed-data safe-tx safe-message $place" ;;
    verify) words="signatures code builder record --content-hash --environment --policy --signatures --owner --threshold --rpc --artifact --contract --deployed --address --init-code --constructor-args --library $place" ;;
    predict) words="create create2 safe --from --nonce --salt --init-code --init-code-hash --factory --singleton --initializer --salt-nonce --safe-version" ;;
    dashboard) words="--prometheus --var --from --to --width --scrape-interval" ;;
    review) words="--environment --rpc --policy --artifact --nonce --approver --executor --first-seen $place" ;;
    policy) words="check id explain --environment" ;;
    qr) words="show read --text --out --frame --count --interval --loop --fragment --scale" ;;
    sign) words="safe-tx typed-data --module --token --key-id --address --abi --allow-software-token $place" ;;
  esac
  words="$words --json --help"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; [[ $current == -* ]] || compgen -f -- "$current")
}
complete -o filenames -F _countersign_cli countersign-cli
